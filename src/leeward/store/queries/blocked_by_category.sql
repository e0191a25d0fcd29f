-- Blocked requests by category.
SELECT category, count(*) AS requests
FROM (SELECT unnest(string_split(categories, ' ')) AS category FROM {events}
      WHERE "at" >= $since AND "at" < $until AND action = 'block' AND categories <> '')
GROUP BY category ORDER BY requests DESC, category
