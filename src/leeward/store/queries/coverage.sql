-- Devices by address: when each was heard of last, and how much since.
SELECT client, max(device) AS device, max("at") AS last, count(*) AS requests,
       count(*) FILTER ("at" >= $recent) AS lately
FROM {events} WHERE "at" >= $since AND "at" < $until AND client <> ''
GROUP BY client ORDER BY last, client
