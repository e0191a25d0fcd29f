"""Alerts: one for a concern, to the right person, and what came of it."""
