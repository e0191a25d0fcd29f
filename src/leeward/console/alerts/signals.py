"""Wakes the deliverers of this process: a word to be sent is not found by waiting for the clock."""

import threading

due = threading.Event()
