"""The word to stop."""

import signal
import subprocess
import sys
import threading
import time

from leeward.stop import Stop

_WAITER = """
import signal
from leeward.stop import Stop
stop = Stop()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
print("ready", flush=True)
while not stop.wait(0.000001):
    pass
"""


def test_a_signal_in_the_middle_of_waiting_never_hangs() -> None:
    for _ in range(10):
        process = subprocess.Popen([sys.executable, "-c", _WAITER], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(20):
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM), "after the end a signal may find no handler any more"
        process.stdout.close()


def test_everybody_who_waits_is_woken() -> None:
    stop = Stop()
    threads = [threading.Thread(target=stop.wait, args=(30,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    stop.set()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 5
    assert stop.is_set()
    assert not Stop().wait(0.01)
