"""Watching the watchers, and random samples: each with its seed and its outcome (requirements M12-M14, T6)."""
