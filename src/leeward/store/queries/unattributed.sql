-- Devices at which nobody was known, with the number of their requests.
SELECT client, count(*) AS requests FROM {events}
WHERE "at" >= $since AND "at" < $until AND attribution = 'unattributed'
GROUP BY client ORDER BY requests DESC LIMIT 100
