"""Contact that goes the way of grooming: trust, secrecy, another place to talk, pictures, a meeting (S2 4.7)."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Finding

_THEMES = frozenset(("grooming", "sexual-harassment"))
# Entries of the library by the step that they show; the order is that of most accounts, not of every one.
_STEPS = {
    "asking age, home or being alone": ("age-question", "age-sex-location", "older-than-you-look", "parents-around",
                                        "parents-check-phone", "bedroom-and-door", "clothing-and-body-questions"),
    "winning trust": ("nobody-understands-you-like-me", "looks-flattery", "modelling-offer", "talent-or-fame-offer",
                      "gift-offer-things", "gift-offer-game-money", "child-gets-gifts", "age-just-a-number",
                      "child-online-partner", "child-older-person-online"),
    "secrecy": ("our-secret", "our-secret-weak", "dont-tell-anyone", "dont-tell-adults", "delete-messages",
                "could-get-in-trouble", "hiding-contact-from-parents", "child-told-to-keep-secret",
                "second-secret-account"),
    "another place to talk": ("move-to-private-place", "move-to-other-app", "webcam-request"),
    "pictures": ("picture-request", "picture-request-revealing", "gifts-for-pictures", "child-he-wants-me-to-send",
                 "child-sent-a-picture", "sexual-questions", "normalising-and-teaching", "prove-it-trust-test",
                 "livestream-dares", "pressure-persistent"),
    "a meeting": ("meet-up-alone", "come-to-mine-or-hotel", "pick-you-up", "child-going-to-meet"),
    "threats": ("blackmail-send-to-everyone", "blackmail-pay", "blackmail-more-pictures", "blackmail-knows-details",
                "child-threatened-with-sharing", "suicide-threat-to-control", "threat-send-to-everyone-weak"),
}  # fmt: skip
_STEP_OF = {entry: step for step, entries in _STEPS.items() for entry in entries}


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    steps: int = 2  # different ones, on one site
    grave_steps: int = 3
    days: float = 30.0
    weight: float = 25.0
    half_life: float = 30.0


class Contact(Detector, tag="grooming-contact"):
    """Steps seen by person and site."""

    NAME: ClassVar[str] = "grooming-contact"
    TITLE: ClassVar[str] = "Contact that goes the way of grooming"

    tuning: Tuning = Tuning()
    steps: dict[str, dict[str, float]] = {}  # by person and host: when a step was seen last

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        if not isinstance(event, Finding) or event.theme not in _THEMES or event.channel == "search":
            return
        names = (key.rpartition("/")[2] for key in event.entries.split())
        new = [_STEP_OF[name] for name in names if name in _STEP_OF]
        if not new:
            return
        rows = self.steps.setdefault(f"{seen.who} {event.host}", {})
        rows |= dict.fromkeys(new, event.at)
        recent = [step for step, at in rows.items() if at > event.at - rules.days * DAY]
        if len(recent) >= rules.steps:
            yield Signal(
                detector=self.NAME, key=f"{self.NAME}:{seen.who}:{event.host}:{len(recent)}", at=event.at, who=seen.who,
                theme="grooming", severity=5 if len(recent) >= rules.grave_steps else 4, weight=rules.weight,
                half_life=rules.half_life, host=event.host, seat=event.seat, group=event.group,
                reason="on one site: " + ", ".join(recent),
            )  # fmt: skip

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = now - self.tuning.days * DAY
        self.steps = {name: rows for name, rows in self.steps.items() if max(rows.values()) > since}
