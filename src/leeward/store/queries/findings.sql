-- Findings between two moments.
SELECT "at", person, theme, severity, channel, host, entries FROM {events}
WHERE "at" >= $since AND "at" < $until ORDER BY "at" LIMIT $limit
