-- How the people behind the requests were known.
SELECT attribution, count(*) AS requests FROM {events}
WHERE "at" >= $since AND "at" < $until GROUP BY attribution ORDER BY requests DESC
