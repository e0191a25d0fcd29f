-- One person's requests between two moments.
SELECT "at", host, path, term, action, verdict, categories, findings
FROM {events} WHERE person = $person AND "at" >= $since AND "at" < $until
ORDER BY "at"
