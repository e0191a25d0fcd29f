"""Phones seen outside lessons: a small log that shows patterns (requirements M17)."""
