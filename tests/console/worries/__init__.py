"""Tests of worries."""
