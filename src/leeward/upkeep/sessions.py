"""Sessions that ran out are ended and written down (requirements T2, N06)."""

from leeward.config import Config
from leeward.events.kinds import Session as SessionEvent
from leeward.events.spool import SpoolWriter
from leeward.identity.sessions import SessionStore


def end_expired(config: Config) -> int:
    """End the sessions whose time is over. Returns how many."""
    store = SessionStore(config.state_path / "sessions.sqlite")
    gone = store.sweep()
    store.close()
    if gone:
        spool = SpoolWriter(config.state_path / "spool")
        for one in gone:
            spool.put(SessionEvent(person=one.person, client=one.client, seat=one.seat, what="expired"))
        spool.close()
    return len(gone)
