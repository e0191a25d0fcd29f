"""Tests of the log of phones."""
