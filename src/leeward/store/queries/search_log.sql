-- The log, by anything that a person would look for; empty parameters don't limit.
SELECT "at", person, attribution, seat, "group", client, device, method, scheme, host, port, path, term, action, verdict,
       categories, status, level, findings
FROM {events}
WHERE "at" >= $since AND "at" < $until
  AND ($person = '' OR person = $person)
  AND ($client = '' OR client = $client)
  AND ($host = '' OR contains(host, lower($host)))
  AND ($term = '' OR contains(lower(term), lower($term)))
  AND ($action = '' OR action = $action)
  AND ($attribution = '' OR attribution = $attribution)
  AND level >= $level
ORDER BY "at" DESC, id LIMIT $limit OFFSET $offset
