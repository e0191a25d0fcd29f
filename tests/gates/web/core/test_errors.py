"""Protocol faults carry their status."""

from leeward.gates.web.core.errors import ProtocolError


def test_a_fault_says_status_and_reason() -> None:
    fault = ProtocolError(431, "the head is too large")
    assert (fault.status, str(fault)) == (431, "431: the head is too large")
