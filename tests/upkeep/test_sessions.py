"""Sessions that ran out."""

import time
from pathlib import Path

from leeward.config import Config
from leeward.events.kinds import Session as SessionEvent
from leeward.events.kinds import decode
from leeward.events.spool import lines
from leeward.identity.sessions import Session, SessionStore
from leeward.upkeep.sessions import end_expired


def test_a_session_that_ran_out_is_ended_and_written_down_once(tmp_path: Path) -> None:
    config = Config(folder=str(tmp_path))
    store = SessionStore(config.state_path / "sessions.sqlite")
    now = time.time()
    old = Session("10.0.0.1", "aa", "personal", "3", "pupil", "pupil", (), now - 100, now - 1)
    store.start_all([old, old._replace(client="10.0.0.2", expires=now + 100)])
    assert end_expired(config) == 1
    assert end_expired(config) == 0
    assert [one.client for one in store.all()] == ["10.0.0.2"]
    store.close()
    events = [decode(line) for path in (config.state_path / "spool").rglob("*.jsonl") for line in lines(path)]
    assert [(e.what, e.client, e.seat) for e in events if isinstance(e, SessionEvent)] == [("expired", "10.0.0.1", "3")]
