"""The story that the demonstration plays, and what must happen in it."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from leeward.demo.browse import Browser

Check = Callable[[Browser], str]  # an empty string if all went as it should, otherwise what was seen


class Scene(NamedTuple):
    """One thing that somebody does. `who` is a key of PEOPLE; `check` plays it."""

    name: str
    who: str
    check: Check
    once: bool = False


class Actor(NamedTuple):
    """Somebody in the story."""

    address: str
    name: str
    role: str
    profile: str
    groups: tuple[str, ...]
    attribution: str
    seat: str = ""


# Enough of a year that reports, which leave out groups of fewer than five, have something to show.
CLASSMATES = {
    name.partition(" ")[0].lower(): Actor(
        f"127.0.1.{number}", name, "pupil", "pupil", ("Y7", "7A") if number % 2 else ("Y9", "9B"), "personal"
    )
    for number, name in enumerate(
        ("Caz Field", "Dara Lamb", "Eshe Rook", "Finn Alder", "Gwen Pike", "Hani Moor", "Isla Thorne", "Jo Lark", "Kit Vane", "Lou Heath"),
        11,
    )
}  # fmt: skip
PEOPLE = {
    "amira": Actor("127.0.1.1", "Amira Vale", "pupil", "pupil", ("Y9", "9B"), "personal"),
    "ben": Actor("127.0.1.2", "Ben Orchard", "pupil", "pupil", ("Y7", "7A"), "personal"),
    "class": Actor("127.0.1.3", "Class 3 log-in", "pupil", "strict", ("Y3", "3C"), "class", "12"),
    "teacher": Actor("127.0.1.4", "Ms Hollis", "staff", "staff", ("staff",), "personal"),
    **CLASSMATES,
    "stranger": Actor("127.0.1.9", "nobody", "", "", (), ""),
}


def sees(
    url: str, status: int, *texts: str, body: str | None = None, kind: str = "application/x-www-form-urlencoded"
) -> Check:
    """Opens a page and expects a status and words."""

    def play(browser: Browser) -> str:
        seen = browser.open(url, body=body, kind=kind)
        if seen.status != status:
            return f"{url}: status {seen.status} instead of {status}: {seen.body[:120]}"
        missing = [text for text in texts if text not in seen.body]
        return f"{url}: {missing} is not on the page" if missing else ""

    return play


def browses(*pages: tuple[str, int]) -> Check:
    """Opens pages one after the other, each with the status that is expected."""

    def play(browser: Browser) -> str:
        return next((fault for url, status in pages if (fault := sees(url, status)(browser))), "")

    return play


def certificate(url: str, issuer: str) -> Check:
    """Opens a page and expects who vouches for it."""

    def play(browser: Browser) -> str:
        seen = browser.open(url)
        return "" if seen.status == 200 and issuer in seen.issuer else f"{url}: {seen.status}, issuer {seen.issuer}"

    return play


def chats(words: list[str], *, ends: str) -> Check:
    """Talks in the chat and expects how it ends."""

    def play(browser: Browser) -> str:
        heard = browser.chat("chat.leeward.test", words)
        return "" if heard and ends in heard[-1] else f"the chat ended with {heard}"

    return play


def signs_in(login: str, password: str, *texts: str) -> Check:
    """Fills in the sign-in page, through the gateway, and accepts the notice that it shows."""

    def play(browser: Browser) -> str:
        page = browser.open(SIGN_IN)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        if not token:
            return f"no form on the sign-in page: {page.status} {page.body[:200]}"
        body = urlencode({"csrfmiddlewaretoken": token[1], "login": login, "password": password, "seat": ""})
        seen = browser.open(SIGN_IN, body=body, cookie=page.cookie)
        if notice := re.search(r'name="notice" value="([^"]+)"', seen.body):
            answer = urlencode({"csrfmiddlewaretoken": token[1], "notice": notice[1], "answer": "yes"})
            seen = browser.open(SIGN_IN, body=answer, cookie=page.cookie)
        missing = [text for text in texts if text not in seen.body]
        return f"{seen.status}: {missing} is not on the page" if missing else ""

    return play


def tells_a_worry(words: str, *texts: str) -> Check:
    """Fills in the worry page, through the gateway."""

    def play(browser: Browser) -> str:
        page = browser.open(WORRY)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        if not token:
            return f"no form on the worry page: {page.status} {page.body[:200]}"
        body = urlencode({"csrfmiddlewaretoken": token[1], "words": words, "danger": "unsure", "named": "no"})
        seen = browser.open(WORRY, body=body, cookie=page.cookie)
        missing = [text for text in texts if text not in seen.body]
        return f"{seen.status}: {missing} is not on the page" if missing else ""

    return play


# The console of the demonstration; the port is a setting of `leeward demo`, filled in when the story is told.
SIGN_IN = "http://127.0.0.1:{console}/sign-in"
WORRY = "http://127.0.0.1:{console}/worry"
NEWCOMER = ("nia.newcomer", "a password for the demonstration")
_ROUNDS = (
    (("http://news.leeward.test/", 200), ("http://encyclopaedia.leeward.test/", 200), ("http://games.leeward.test/", 403)),
    (("http://encyclopaedia.leeward.test/", 200), ("http://social.leeward.test/", 403), ("http://news.leeward.test/", 200)),
    (("https://search.leeward.test/search?q=tide+tables", 200), ("http://encyclopaedia.leeward.test/", 200)),
)  # fmt: skip
_JSON = "application/json"
STORY = (
    Scene("A pupil reads an encyclopaedia", "amira", sees("http://encyclopaedia.leeward.test/", 200, "Photosynthesis")),
    Scene("The same over HTTPS, looked into", "amira", certificate("https://encyclopaedia.leeward.test/", "Leeward")),
    Scene("A bank's page stays private", "teacher", certificate("https://bank.leeward.test/", "Demo internet")),
    Scene("A help line stays private and open", "amira", certificate("https://helpline.leeward.test/", "Demo internet")),
    Scene("A game is blocked in calm words", "ben", sees("http://games.leeward.test/", 403, "Games are not open here.")),
    Scene("Over HTTPS the block page is the same", "ben", sees("https://games.leeward.test/", 403, "I saw this by accident")),
    Scene("A young class is spoken to as children", "class", sees("http://games.leeward.test/", 403, "This page is closed")),
    Scene("A teacher may see the game", "teacher", sees("https://games.leeward.test/", 200, "Block Jumper")),
    Scene("Nobody sees an adult page", "teacher", sees("https://adult.leeward.test/", 403, "for adults")),
    Scene("A way past the filter is blocked", "ben", sees("https://vpn.leeward.test/", 403, "past the filter")),
    Scene("A rumour page asks to think first", "amira", sees("https://rumours.leeward.test/", 403, "Continue to the page")),
    Scene("The probe proves the sealed tier", "teacher", sees("http://probe.leeward.test/", 403, "test page of the filter")),
    Scene("A search is safe whatever it asks", "amira", sees("https://search.leeward.test/search?q=volcano&safe=off", 200, "Safe search is on")),
    Scene("A search with a worrying phrase is noted", "amira", sees("https://search.leeward.test/search?q=i+feel+so+lonely+all+the+time", 200)),
    Scene("The assistant answers word by word", "teacher", sees("https://assistant.leeward.test/ask", 200, "question.", body='{"prompt": "why is the sky blue"}', kind=_JSON)),
    Scene("A prompt that asks for harm does not arrive", "teacher", sees("https://assistant.leeward.test/ask", 403, body='{"prompt": "demo forbidden words"}', kind=_JSON)),
    Scene("Staff talk in the chat", "teacher", chats(["hello"], ends="heard: hello")),
    Scene("A forbidden message ends the chat", "teacher", chats(["hello", "demo forbidden words"], ends="CLOSED")),
    Scene("Pupils don't chat", "ben", sees("https://chat.leeward.test/", 403)),
    Scene("A false certificate is refused with a reason", "amira", sees("https://expired.leeward.test/", 502, "belongs to another site")),
    Scene("A translator brings nothing blocked along", "ben", sees("http://games-leeward-test.translate.goog/", 403)),
    Scene("The console can't be reached through the gateway", "ben", sees("http://127.0.0.1:{console}/", 403)),
    *(
        Scene(f"{actor.name} browses", key, browses(*_ROUNDS[number % len(_ROUNDS)]))
        for number, (key, actor) in enumerate(CLASSMATES.items())
    ),
    Scene("A stranger is sent to sign in", "stranger", sees("http://news.leeward.test/", 302, "Please sign in")),
    Scene("Over HTTPS too", "stranger", sees("https://news.leeward.test/", 302, "Please sign in")),
    Scene("Only the sign-in page of the console can be reached", "stranger", sees("http://127.0.0.1:{console}/console/sign-in", 302)),
    Scene("A wrong password signs nobody in", "stranger", signs_in(NEWCOMER[0], "wrong", "is wrong")),
    Scene("The stranger signs in through the gateway", "stranger", signs_in(*NEWCOMER, "Hello, Nia Newcomer")),
    Scene("A worry is told without a name", "amira", tells_a_worry("Somebody in my class is being hurt.", "Your code"), once=True),
    Scene("And is known from then on", "stranger", sees("http://news.leeward.test/?nia", 200, "school fair")),
)  # fmt: skip
