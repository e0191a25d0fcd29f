"""Each scene can fail."""

from leeward.demo.browse import Browser, Seen
from leeward.demo.story import PEOPLE, STORY, certificate, chats, sees, signs_in


class Blind(Browser):
    """Sees nothing anywhere."""

    def __init__(self) -> None:
        """No gateway."""

    def open(self, url: str, *, body: str | None = None, kind: str = "", cookie: str = "") -> Seen:
        """Nothing."""
        return Seen(0, "")

    def chat(self, host: str, words: list[str]) -> list[str]:
        """Nothing."""
        return []


def test_every_scene_fails_where_nothing_works() -> None:
    for scene in STORY:
        assert scene.who in PEOPLE
        assert scene.check(Blind())


def test_a_scene_says_what_was_seen() -> None:
    assert "status 0 instead of 200" in sees("http://a.test/", 200)(Blind())
    assert "issuer" in certificate("https://a.test/", "x")(Blind())
    assert "ended with" in chats(["x"], ends="y")(Blind())
    assert "no form" in signs_in("a", "b")(Blind())
