-- Requests by year group or other first group.
SELECT CASE WHEN "group" = '' THEN '(none)' ELSE "group" END AS name,
       count(*) AS requests, count(*) FILTER (action = 'block') AS blocked,
       count(DISTINCT person) FILTER (person <> '') AS people
FROM {events} WHERE "at" >= $since AND "at" < $until
GROUP BY name ORDER BY name
