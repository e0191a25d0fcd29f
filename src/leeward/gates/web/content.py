"""What was heard in texts: written down, and closed where rules say so."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from leeward.config import Config
from leeward.events.kinds import Finding as FindingEvent
from leeward.gates.web.pages import Page
from leeward.gates.web.scan import Heard, Scanner, library_of
from leeward.policy.content import ContentDecision, Found, decide_content
from leeward.policy.model import Request
from leeward.policy.snapshot import Snapshot
from leeward.text.packs import IMAGERY, themes

if TYPE_CHECKING:
    from leeward.gates.web.exchange import Exchange

_MORE_THAN_NOTED = 2  # severity
_NEEDS_AN_EYE = 3  # severity from which a line of the log is marked
# Where a closed page may be somebody's cry for help, it says who listens.
_TALK = frozenset(("suicide-self-harm", "wellbeing", "eating-disorders", "abuse", "grooming", "sexual-harassment"))
_SOMEBODY_TO_TALK_TO = (
    "If you would like to talk to somebody: Childline, 0800 1111, day and night, or any adult at school."
)
_MOST_HEARD = 50  # findings of one exchange that are written down


def closes(exchange: "Exchange", heard: list[Heard]) -> ContentDecision | None:
    """What was heard, into the events; the decision that closes it, if one does. Who asks for help is never closed."""
    gate, target = exchange.gate, exchange.target
    if not heard or target is None or gate.snapshot is None:
        return None
    decision = judged(gate.snapshot, Request(target, exchange.subject, gate.moment, exchange.event.term), heard)
    for one in heard:
        _note(exchange, one, decision)
    if decision.action != "block":
        return None
    exchange.event.action = "block"
    return decision


def judged(snapshot: Snapshot, request: Request, heard: Iterable[Heard]) -> ContentDecision:
    """Whether what was heard closes a page, a search or a message."""
    to_judge = [
        Found(one.finding.theme, one.finding.severity, own=one.written and one.channel != "search")
        for one in heard
        if not one.finding.seeks_help
    ]
    return decide_content(snapshot, request, to_judge)


class Spoken(NamedTuple):
    """What was heard in words, and what becomes of a page that says them."""

    heard: list[Heard]
    decision: ContentDecision


def spoken_of(config: Config, snapshot: Snapshot, request: Request, words: str) -> Spoken:
    """Try it out: what is searched for, and a page of these words, for whoever asks for it. Raises ConfigError."""
    scanner = Scanner(library_of(config)).of_age(request.subject.group)
    heard = scanner.search(request.term) + scanner.text(words, "page", written=False)
    return Spoken(heard, judged(snapshot, request, heard))


def take_words(exchange: "Exchange", words: str) -> None:
    """What somebody wrote to the school on a page of the gateway's own is heard like any words of theirs."""
    for one in exchange.scanner.text(words, "message", written=True):
        _note(exchange, one, ContentDecision("allow"))


def _note(exchange: "Exchange", heard: Heard, decision: ContentDecision) -> None:
    """A finding, into the log and into an event of its own; once, however often it is heard."""
    event, found = exchange.event, heard.finding
    mark = (found.theme, heard.written, found.evidence[:1])
    if mark in exchange.heard or len(exchange.heard) >= _MOST_HEARD:
        return
    exchange.heard.add(mark)
    event.findings = " ".join(dict.fromkeys([*event.findings.split(), found.theme]))[:500]
    if found.severity >= _NEEDS_AN_EYE:
        event.level = 5
    if found.theme in IMAGERY and found.severity >= _MORE_THAN_NOTED:
        event.path = event.term = ""  # what was found says enough; where such pictures may be is kept nowhere (T7)
    exchange.gate.found(
        FindingEvent(
            person=event.person, attribution=event.attribution, seat=event.seat, group=event.group,
            profile=event.profile, client=event.client, device=event.device, host=event.host,
            path="" if found.theme in IMAGERY else event.path[:500],
            channel=heard.channel, written=heard.written, theme=found.theme, severity=found.severity,
            score=found.score, seeks_help=found.seeks_help, reason=found.reason, entries=" ".join(found.entries)[:500],
            evidence=" … ".join(found.evidence)[:300], around=heard.around, language=found.language,
            action=decision.action,
        )
    )  # fmt: skip


def content_page(exchange: "Exchange", closed: ContentDecision) -> Page:
    """The page for text that must not be read."""
    gate, decision, target = exchange.gate, exchange.decision, exchange.target
    what = themes()[closed.theme].title.lower() if closed.theme in themes() else "something that is not for school"
    reason = closed.reason or f"It speaks of {what}. You have done nothing wrong."
    if closed.theme in _TALK:
        reason += f" {_SOMEBODY_TO_TALK_TO}"
    if decision is None or gate.policy is None:
        return gate.pages.fault(403, "content", reason, gate.policy)
    exchange.event.tier = "profile"
    # What the address is listed as has nothing to do with what it says.
    told = msgspec.structs.replace(
        decision, action="block", rule=closed.rule, tier="profile", reason=reason, categories=()
    )
    host = target.host.name if target else ""
    return gate.pages.blocked(told, gate.policy, host=host, client=exchange.client.address)
