"""The browser of sorts."""

from leeward.demo.browse import Browser
from tests.gates.web.running import RunningGateway
from tests.ports import free_port


def test_it_browses_from_its_own_address(gateway: RunningGateway) -> None:
    browser = Browser(("127.0.0.1", gateway.port), "127.0.1.77", [gateway.ca])
    assert browser.open(gateway.url("ok.test", "/?from=77")).status == 200
    (event,) = gateway.events(path="/?from=77")
    assert event["client"] == "127.0.1.77"
    assert "Leeward school CA" in browser.open("https://games.leeward.test/").issuer


def test_a_closed_gateway_is_status_0() -> None:
    seen = Browser(("127.0.0.1", free_port()), "127.0.1.77", []).open("http://a.test/")
    assert seen.status == 0
    assert "refused" in seen.body
