-- The hosts asked for most; $action limits to one verdict, empty for all.
SELECT host, count(*) AS requests, count(*) FILTER (action = 'block') AS blocked
FROM {events}
WHERE "at" >= $since AND "at" < $until AND ($action = '' OR action = $action)
GROUP BY host ORDER BY requests DESC, host LIMIT 20
