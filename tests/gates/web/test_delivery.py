"""Responses that are too long to be held are scanned as they stream."""

from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway


def test_a_phrase_far_into_a_long_page_cuts_it_off(gateway: RunningGateway) -> None:
    ANSWERS[b"/long"] = plain(b"a " * 700_000 + b" forbidden phrase " + b"b " * 200_000)
    body = gateway.get(gateway.url("ok.test", "/long")).partition(b"\r\n\r\n")[2]
    assert len(body) < 1_800_000
    assert b"forbidden" not in body
    (event,) = gateway.events(path="/long")
    assert (event["action"], event["verdict"]) == ("block", "scan")
