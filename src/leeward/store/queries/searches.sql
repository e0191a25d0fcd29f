-- Every search between two moments.
SELECT id, "at", person, "group", host, term FROM {events}
WHERE "at" >= $since AND "at" < $until AND term <> ''
