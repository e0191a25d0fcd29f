"""Reads of the policy."""

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from leeward.console.rules.models import Draft, Version
from leeward.policy import file as policy_file
from leeward.policy.compile import Shelf
from leeward.policy.model import Policy, Profile, Rule


def draft() -> Policy:
    """The policy as it is being edited; at first what was published without the console, or the starter's."""
    row = Draft.objects.first()
    if row is not None:
        return msgspec.json.decode(row.body, type=Policy)
    published = settings.STATE / "policy.json"
    return policy_file.load_published(published) if published.exists() else policy_file.starter()


def rule(identifier: str) -> Rule | None:
    """One rule of the draft."""
    return next((item for item in draft().rules if item.id == identifier), None)


def profile(name: str) -> Profile | None:
    """One profile of the draft."""
    return next((item for item in draft().profiles if item.name == name), None)


def versions() -> QuerySet[Version]:
    """What was published, newest first."""
    return Version.objects.all()


def is_changed() -> bool:
    """Whether the draft differs from what was published last."""
    newest = Version.objects.first()
    if newest is None:
        return Draft.objects.exists()
    return msgspec.json.decode(newest.body, type=Policy) != draft()


def profile_names() -> list[str]:
    """Filtering profiles."""
    return [profile.name for profile in draft().profiles]


def shelf() -> Shelf:
    """Where snapshots lie."""
    return Shelf(settings.STATE / "snapshots")
