-- One person's requests between two moments.
SELECT "at", person, attribution, seat, "group", client, device, method, scheme, host, port, path, term, action, verdict,
       categories, status, level, findings
FROM {events} WHERE person = $person AND "at" >= $since AND "at" < $until AND level >= $level
ORDER BY "at" LIMIT $limit
