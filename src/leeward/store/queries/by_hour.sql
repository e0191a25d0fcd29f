-- Requests by hour of the day in the school's time zone.
SELECT CAST(strftime(to_timestamp("at") AT TIME ZONE $zone, '%H') AS INTEGER) AS hour,
       count(*) AS requests, count(*) FILTER (action = 'block') AS blocked
FROM {events} WHERE "at" >= $since AND "at" < $until
GROUP BY hour ORDER BY hour
