-- Words from block pages, newest first.
SELECT "at", person, client, what, host, path, words FROM {events}
WHERE "at" >= $since AND "at" < $until ORDER BY "at" DESC LIMIT 200
