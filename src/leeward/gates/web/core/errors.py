"""Faults of the protocol, with the status that tells the other side."""


class ProtocolError(Exception):
    """What the other side sent can't be understood, or not in one way only.

    `status` is the HTTP status to answer with (RFC 9110 section 15); `why` is for the log and the page.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status
        self.why = why
