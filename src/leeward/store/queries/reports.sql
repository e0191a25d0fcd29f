-- Words from block pages, newest first.
SELECT id, "at", person, client, what, host, path, words FROM {events}
WHERE "at" >= $since AND "at" < $until ORDER BY "at" DESC LIMIT 1000
