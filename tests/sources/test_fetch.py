"""Lists from a URL: asked politely, bounded, checked; the last good copy stays."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from leeward.config import ListSource
from leeward.sources import fetch
from leeward.sources.reader import SourceError

BODY = b"a.test\nb.test\n"


def source(**changes: object) -> ListSource:
    values: dict[str, object] = {"name": "web", "source": "http://lists.test/games.txt", **changes}
    return ListSource(**values)  # type: ignore[arg-type]


def client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


def good(request: httpx.Request) -> httpx.Response:
    if request.headers.get("if-none-match") == '"v1"':
        return httpx.Response(304)
    return httpx.Response(200, content=BODY, headers={"ETag": '"v1"'})


def test_a_list_is_fetched_once_and_then_asked_with_its_etag(tmp_path: Path) -> None:
    with client(good) as http:
        assert fetch.fetch(source(), tmp_path, client=http)
        assert not fetch.fetch(source(), tmp_path, client=http)
    assert fetch.copy_path(source(), tmp_path).read_bytes() == BODY
    assert fetch.state(source(), tmp_path).etag == '"v1"'


@pytest.mark.parametrize(
    ("changes", "answer", "fault"),
    [
        ({"sha256": "0" * 64}, httpx.Response(200, content=b"evil"), "SHA-256"),
        ({"max_bytes": 3}, httpx.Response(200, content=b"long"), "larger"),
        ({}, httpx.Response(500), "500"),
        ({}, httpx.Response(200, content=b""), "nothing"),
    ],
)
def test_a_bad_answer_leaves_the_last_good_copy(
    tmp_path: Path, changes: dict[str, object], answer: httpx.Response, fault: str
) -> None:
    with client(good) as http:
        fetch.fetch(source(), tmp_path, client=http)
    with client(lambda _: answer) as http, pytest.raises(SourceError, match=fault):
        fetch.fetch(source(**changes), tmp_path, client=http)
    assert fetch.copy_path(source(), tmp_path).read_bytes() == BODY
    assert fault in fetch.state(source(), tmp_path).failure


def test_the_right_checksum_is_taken(tmp_path: Path) -> None:
    with client(good) as http:
        assert fetch.fetch(source(sha256=hashlib.sha256(BODY).hexdigest()), tmp_path, client=http)


def test_the_schedule_asks_again_after_its_time_and_sooner_after_a_failure(tmp_path: Path) -> None:
    assert fetch.is_due(source(), tmp_path)
    with client(good) as http:
        fetch.fetch(source(), tmp_path, client=http)
    now = fetch.state(source(), tmp_path).checked
    assert not fetch.is_due(source(), tmp_path, now=now + 3700)
    assert fetch.is_due(source(), tmp_path, now=now + 25 * 3600)
    with client(lambda _: httpx.Response(500)) as http, pytest.raises(SourceError):
        fetch.fetch(source(), tmp_path, client=http)
    assert fetch.is_due(source(), tmp_path, now=now + 3700)
