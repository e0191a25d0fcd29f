"""Clients that people use: curl, Python's urllib, httpx; plain and through inspected HTTPS."""

import shutil
import ssl
import subprocess
import urllib.error
import urllib.request

import httpx
import pytest

from tests.gates.web.running import RunningGateway

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def urls(gateway: RunningGateway) -> tuple[str, str, str]:
    """A page, the same over HTTPS, and one that is blocked."""
    return gateway.url("ok.test"), f"https://ok.test:{gateway.secure.port}/", "https://games.leeward.test/"


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_curl_reads_pages_and_is_told_of_a_block(gateway: RunningGateway) -> None:
    def curl(url: str, *more: str) -> str:
        command = ["curl", "-sS", "-x", f"http://127.0.0.1:{gateway.port}", "--cacert", str(gateway.ca), *more, url]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout

    plain, secure, blocked = urls(gateway)
    assert "Hello from the origin" in curl(plain)
    assert "Hello from the origin" in curl(secure)
    assert curl(blocked, "-o", "/dev/null", "-w", "%{http_code}") == "403"
    assert "posted=1" in curl(gateway.url("ok.test", "/echo"), "-d", "posted=1")


def test_urllib_reads_pages_and_is_told_of_a_block(gateway: RunningGateway) -> None:
    address = f"http://127.0.0.1:{gateway.port}"
    context = ssl.create_default_context(cafile=str(gateway.ca))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": address, "https": address}), urllib.request.HTTPSHandler(context=context)
    )
    plain, secure, blocked = urls(gateway)
    for url in (plain, secure):
        with opener.open(url, timeout=10) as response:
            assert b"Hello from the origin" in response.read()
    with pytest.raises(urllib.error.HTTPError) as told:
        opener.open(blocked, timeout=10)
    assert told.value.code == 403
    told.value.close()


def test_httpx_reads_pages_on_one_connection_and_is_told_of_a_block(gateway: RunningGateway) -> None:
    context = ssl.create_default_context(cafile=str(gateway.ca))
    plain, secure, blocked = urls(gateway)
    with httpx.Client(proxy=f"http://127.0.0.1:{gateway.port}", verify=context) as client:
        for url in (plain, plain, secure, secure):
            assert "Hello from the origin" in client.get(url).text
        assert client.get(blocked).status_code == 403
