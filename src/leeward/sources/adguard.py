"""AdGuard and Adblock syntax, as far as it speaks of whole hosts."""

import re
from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named

NAME = "adguard"
TITLE = "AdGuard / Adblock rules for hosts"
_HOST_RULE = re.compile(r"\|\|(?P<host>[^\^/$*|]+)\^?\|?(?P<modifiers>\$.*)?\Z")
_HARMLESS = frozenset(("$important", "$all", "$document", "$doc", "$popup", "$important,all"))


def parse_line(line: str, /) -> Iterable[Item]:
    """||example.org^"""
    text = line.strip()
    if not text or text[0] == "!" or (text[0] == "[" and text[-1] == "]") or text.startswith("# "):
        return ()
    if text.startswith("@@"):
        raise JunkLine("an exception: write it as a rule of the policy")
    if "##" in text or "#@#" in text or "#?#" in text:
        raise JunkLine("hides part of a page; only whole hosts are taken")
    found = _HOST_RULE.match(text)
    if not found:
        if text[0] not in "|/*" and "$" not in text and "/" not in text:
            return named(text.lower())
        raise JunkLine("is not about a whole host")
    if found["modifiers"] and found["modifiers"].lower() not in _HARMLESS:
        raise JunkLine(f"holds only under conditions ({found['modifiers'][:60]})")
    return named(found["host"].lower())


def looks_like(lines: list[str], /) -> bool:
    """Lines with ||name^."""
    return any(line.startswith("||") for line in lines)
