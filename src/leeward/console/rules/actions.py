"""Changes to the policy."""

from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.rules import queries
from leeward.console.rules.models import Draft, Version
from leeward.identity.subjects import check_clients
from leeward.policy import file as policy_file
from leeward.policy.compile import PolicyError, check, write_with_names_of
from leeward.policy.model import Policy, Profile, Rule
from leeward.policy.snapshot import BadSnapshot, Snapshot


def _save(actor: Person, policy: Policy) -> None:
    check(policy)
    row = Draft.objects.first() or Draft()
    row.body = msgspec.json.encode(policy).decode()
    row.changed_by = actor.name
    row.save()


def _check_unused(profile: str) -> None:
    """People keep the name of their profile: without it they would be filtered by none. Raises PolicyError."""
    if count := Person.objects.filter(profile=profile).count():
        raise PolicyError(f"{count} people have the profile {profile}: give them another one first, or keep the name.")


def _with_rules(rules: list[Rule]) -> Policy:
    return msgspec.structs.replace(queries.draft(), rules=tuple(rules))


@action("rules.save", may=May.EDIT_RULES)
def save_rule(actor: Person, rule: Rule, *, replaces: str = "") -> Change[Rule]:
    """Add a rule, or put it in another's place. Raises PolicyError."""
    rules = list(queries.draft().rules)
    before = next((item for item in rules if item.id == replaces), None)
    if before is not None:
        rules[rules.index(before)] = rule
    else:
        rules.append(rule)
    _save(actor, _with_rules(rules))
    return Change(rule, rule.id, {"before": _plain(before), "after": _plain(rule)})


@action("rules.delete", may=May.EDIT_RULES)
def delete_rule(actor: Person, identifier: str) -> Change[None]:
    """Take a rule out."""
    rules = [item for item in queries.draft().rules if item.id != identifier]
    gone = queries.rule(identifier)
    _save(actor, _with_rules(rules))
    return Change(None, identifier, {"before": _plain(gone)})


@action("rules.move", may=May.EDIT_RULES)
def move_rule(actor: Person, identifier: str, *, up: bool) -> Change[None]:
    """One place up or down; the first rule that matches decides."""
    rules = list(queries.draft().rules)
    place = next((n for n, item in enumerate(rules) if item.id == identifier), -1)
    other = place - 1 if up else place + 1
    if place >= 0 and 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        _save(actor, _with_rules(rules))
    return Change(None, identifier, {"up": up})


@action("rules.profile", may=May.EDIT_RULES)
def save_profile(actor: Person, profile: Profile, *, replaces: str = "") -> Change[Profile]:
    """Add a profile, or change one. Raises PolicyError."""
    policy = queries.draft()
    profiles = list(policy.profiles)
    before = next((item for item in profiles if item.name == replaces), None)
    if before is not None and before.name != profile.name:
        _check_unused(before.name)
    if before is not None:
        profiles[profiles.index(before)] = profile
    else:
        profiles.append(profile)
    _save(actor, msgspec.structs.replace(policy, profiles=tuple(profiles)))
    detail = {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(profile)}
    return Change(profile, profile.name, detail)


@action("rules.profile-delete", may=May.EDIT_RULES)
def delete_profile(actor: Person, name: str) -> Change[None]:
    """Take a profile out. Raises PolicyError if a rule or the school's defaults name it."""
    policy = queries.draft()
    gone = queries.profile(name)
    _check_unused(name)
    _save(actor, msgspec.structs.replace(policy, profiles=tuple(p for p in policy.profiles if p.name != name)))
    return Change(None, name, {"before": msgspec.to_builtins(gone)})


@action("rules.school", may=May.EDIT_RULES)
def save_school(actor: Person, values: dict[str, str]) -> Change[None]:
    """The school's name, whom to ask, and the profiles for people without one. Raises PolicyError."""
    policy = queries.draft()
    before = {name: getattr(policy, name) for name in values}
    _save(actor, msgspec.structs.replace(policy, **values))
    return Change(None, "", {"before": before, "after": values})


@action("rules.discard", may=May.EDIT_RULES)
def discard(actor: Person) -> Change[None]:
    """The draft becomes again what holds."""
    newest = Version.objects.first()
    if newest is not None:
        _save(actor, msgspec.json.decode(newest.body, type=Policy))
    else:
        Draft.objects.all().delete()
    return Change(None)


@action("rules.publish", may=May.EDIT_RULES)
def publish(actor: Person, *, note: str) -> Change[Version]:
    """The draft becomes what everybody is filtered by. Raises PolicyError or BadSnapshot; then nothing changes."""
    version = _publish(actor, queries.draft(), note)
    return Change(version, f"version {version.pk}", {"note": note, "snapshot": version.snapshot[:12]})


@action("rules.roll-back", may=May.EDIT_RULES)
def roll_back(actor: Person, version: Version) -> Change[Version]:
    """An earlier version holds again, as a new version; the draft becomes it too."""
    policy = msgspec.json.decode(version.body, type=Policy)
    fresh = _publish(actor, policy, f"back to version {version.pk}")
    _save(actor, policy)
    return Change(fresh, f"version {fresh.pk}", {"back_to": version.pk})


def _publish(actor: Person, policy: Policy, note: str) -> Version:
    if faults := check_clients(settings.CONFIG, policy):
        raise PolicyError("\n".join(faults))
    shelf = queries.shelf()
    with shelf.lock():
        base = shelf.current()
        if base is None:
            raise BadSnapshot("no snapshot has been compiled yet: start the gateway, or run `leeward compile`")
        _keep_first(base)
        path = write_with_names_of(base, policy, shelf.folder)
        version = Version.objects.create(
            made_by=actor.name, note=note, body=msgspec.json.encode(policy).decode(), snapshot=path.stem
        )
        shelf.publish(path)
        policy_file.publish(settings.STATE / "policy.json", policy)
    return version


def _keep_first(base: Path) -> None:
    """What held before the console published anything becomes the first version, so that there is a way back to it."""
    if not Version.objects.exists():
        with Snapshot(base) as opened:
            body = msgspec.json.encode(opened.policy).decode()
        Version.objects.create(made_by="-", note="what held before", body=body, snapshot=base.stem)


def _plain(rule: Rule | None) -> dict[str, Any] | None:
    return msgspec.to_builtins(rule) if rule else None
