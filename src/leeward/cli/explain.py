"""leeward explain: why is this blocked?"""

import ipaddress
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, fail, load_config, say, say_json
from leeward.config import Config
from leeward.gates.web.content import Spoken, spoken_of
from leeward.identity.resolve import Identity
from leeward.identity.sessions import SessionStore
from leeward.identity.subjects import make_subject, of_client, of_user
from leeward.policy.compile import Shelf, load_current
from leeward.policy.decide import explain
from leeward.policy.model import Explanation, Moment, Policy, Request, Subject, zone
from leeward.policy.search import term_of
from leeward.policy.url import lenient


def subject_named(path: Path, config: Config, policy: Policy, *, person: str, group: str, profile: str) -> Subject:
    """The subject that the options describe."""
    if person:
        for user in config.users:
            if user.login == person:
                return of_user(user, None, policy)
        client = next((client for client in config.clients if client.person == person), None)
        if client is not None:
            return of_client(client, policy)
        if (found := _in_console(path, config, person)) is not None:
            return found
        if not any(person in rule.persons for rule in policy.rules):
            fail(f"there is no person {person!r} in the configuration, the policy or the console")
    groups = (group,) if group else ()
    if group and not profile:
        entry = next((c for c in config.clients if group in c.groups and c.profile), None)
        profile = entry.profile if entry else next((u.profile for u in config.users if group in u.groups), "")
    return make_subject(profile=profile or policy.default_profile, person=person, groups=groups)


def _in_console(path: Path, config: Config, login: str) -> Subject | None:
    """Somebody whom the console knows, filtered as after signing in."""
    if not config.console.database and not (config.state_path / "console.sqlite").exists():
        return None
    from leeward.console.site.setup import set_up_django

    set_up_django(path)
    from leeward.console.people.models import Person

    person = Person.objects.filter(login=login.casefold()).first()
    return person.subject() if person is not None else None


def _at_address(config: Config, policy: Policy, address: str) -> Subject:
    """Who is at an address now: a session, a device known by address, or nobody."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        fail(f"--address {address!r} is no IP address")
    store = SessionStore(config.state_path / "sessions.sqlite")
    subject = Identity(config, policy, store).subject(address)
    store.close()
    return subject


def moment_of(text: str, timezone: str) -> Moment:
    """A moment from ISO 8601; without an offset it is the school's local time."""
    if not text:
        return Moment.of(datetime.now(UTC), timezone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at {text!r} is no date and time; write for example 2026-11-23T10:30")
    return Moment.of(at if at.tzinfo else at.replace(tzinfo=zone(timezone)), timezone)


def explain_command(
    url: Annotated[str, typer.Argument(help="The address.")],
    *,
    person: Annotated[str, typer.Option(help="For this person.")] = "",
    group: Annotated[str, typer.Option(help="For somebody of this group.")] = "",
    profile: Annotated[str, typer.Option(help="With this profile.")] = "",
    address: Annotated[str, typer.Option(help="For the device at this address.")] = "",
    at: Annotated[str, typer.Option(help="At this time, ISO 8601.")] = "",
    says: Annotated[str, typer.Option(help="Were it a page of these words; - reads them from standard input.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Say what would happen to a request, by which rule, and why the others did not apply."""
    with clear_errors():
        settings = load_config(config)
        with load_current(Shelf(settings.state_path / "snapshots")) as snapshot:
            if profile and profile not in snapshot.profiles:
                fail(f"there is no profile {profile!r}; there are {', '.join(snapshot.profiles)}")
            target = lenient(url)
            if address:
                subject = _at_address(settings, snapshot.policy, address)
            else:
                subject = subject_named(config, settings, snapshot.policy, person=person, group=group, profile=profile)
            request = Request(target, subject, moment_of(at, settings.timezone), term_of(target))
            result = explain(snapshot, request, url=url)
            words = sys.stdin.read() if says == "-" else says
            spoken = spoken_of(settings, snapshot, request, words) if words or request.term else None
    if as_json:
        say_json(_for_machine(result) | (_of_words(spoken) if spoken else {}))
    else:
        _print(result)
        if spoken:
            _print_words(spoken)


def _of_words(spoken: Spoken) -> dict[str, object]:
    return {
        "words": {
            "action": spoken.decision.action, "rule": spoken.decision.rule,
            "findings": [
                {"theme": one.theme, "severity": one.severity, "evidence": one.evidence, "reason": one.reason,
                 "seeks_help": one.seeks_help} for one, *_ in spoken.heard
            ],
        }
    }  # fmt: skip


def _print_words(spoken: Spoken) -> None:
    by = f" by {spoken.decision.rule}" if spoken.decision.rule else ""
    say(f"what it says: {spoken.decision.action.upper()}{by}")
    for one, *_ in spoken.heard:
        say(f"  {one.theme}, severity {one.severity}{' (seeks help)' if one.seeks_help else ''}: {one.reason}")
    if not spoken.heard:
        say("  nothing was found in them")


def _for_machine(result: Explanation) -> dict[str, object]:
    decision = result.decision
    return {
        "url": result.url, "host": result.host, "verdict": decision.action, "action": decision.action,
        "categories": decision.categories, "rule": decision.rule, "tier": decision.tier, "reason": decision.reason,
        "profile": decision.profile, "inspect": decision.inspect, "safe_search": decision.safe_search,
        "snapshot": decision.snapshot, "matched": result.matched, "embedded": result.embedded,
        "considered": result.considered,
    }  # fmt: skip


def _print(result: Explanation) -> None:
    decision = result.decision
    say(
        f"{result.url}: {decision.action.upper()} by {decision.rule} (tier {decision.tier}, profile {decision.profile})"
    )
    if decision.reason:
        say(f"  reason: {decision.reason}")
    say(f"  categories: {', '.join(decision.categories) or 'none'}")
    for name, labels in result.matched.items():
        say(f"  listed: {name}: {', '.join(labels)}")
    for name in result.embedded:
        say(f"  would fetch: {name}")
    say(f"  snapshot: {decision.snapshot[:12]}")
    for row in result.considered:
        say(f"  {'->' if row.applied else '  '} {row.rule} ({row.tier}, {row.action or 'modifier'}): {row.why}")
