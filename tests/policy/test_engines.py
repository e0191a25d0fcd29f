"""The table of search engines."""

import pytest

from leeward.policy.engines import ENGINES
from leeward.policy.search import engine_of


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.google.co.uk", "google"), ("google.it.ao", "google"), ("strict.bing.com", None), ("www.bing.com", "bing"),
        ("th.bing.com", "bing-pictures"), ("m.youtube.com", "youtube"), ("html.duckduckgo.com", "duckduckgo"),
        ("suggestqueries.google.com", "google-others"), ("google.com.evil.test", None), ("notgoogle.com", None),
    ],
)  # fmt: skip
def test_a_host_belongs_to_one_engine_or_to_none(host: str, name: str | None) -> None:
    engine = engine_of(host)
    assert (engine.name if engine else None) == name


def test_every_engine_has_a_name_of_its_own_and_a_parameter_that_holds_its_term() -> None:
    assert len({engine.name for engine in ENGINES}) == len(ENGINES)
    assert all(engine.terms for engine in ENGINES)
    assert all(not {name for name, _ in engine.parameters} - set(engine.strip) for engine in ENGINES if engine.strip)
