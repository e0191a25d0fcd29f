"""leeward docs: the reference pages, made from the declarations that the program itself uses."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import typer

from leeward import config
from leeward.cli.common import fail, say
from leeward.events.kinds import KINDS, fields
from leeward.policy import model, taxonomy
from leeward.sources.reader import FORMATS

_FOLDER = Path("docs/reference")


def _rows(struct: type[msgspec.Struct]) -> list[str]:
    hints = get_type_hints(struct, include_extras=True)
    defaults = {f.name: _default_of(f) for f in msgspec.structs.fields(struct)}
    out = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name in struct.__struct_fields__:
        if name == "folder":
            continue
        hint = hints[name]
        about: str = next((m.description for m in getattr(hint, "__metadata__", ()) if m.description), "")
        inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        out.append(f"| `{name}` | {_type(inner)} | {_default(defaults[name])} | {about} |")
    return out


def _default_of(field: Any) -> Any:
    return {} if field.default_factory is not msgspec.NODEFAULT else field.default


def _type(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return _type(get_args(hint)[0])
    if getattr(hint, "__origin__", None) is tuple or get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        title: str = hint.__name__
        return f"table, see [{title}](#{title.lower()})"
    if get_origin(hint) is dict:
        return "table"
    if get_origin(hint) is not None:
        choices = [str(choice) if isinstance(choice, str) else _type(choice) for choice in get_args(hint)]
        return " or ".join(choice for choice in choices if choice != "NoneType")
    name = str(getattr(hint, "__name__", hint))
    return {"str": "text", "int": "number", "float": "number", "bool": "true or false"}.get(name, name)


def _default(value: Any) -> str:
    if value is msgspec.NODEFAULT:
        return "required"
    if isinstance(value, msgspec.Struct) or value is None or value in ((), "", {}):
        return ""
    return f"`{value}`"


def _section(struct: type[msgspec.Struct], title: str) -> str:
    about = (struct.__doc__ or "").strip()
    return "\n".join([f"## {title}", "", about, "", *_rows(struct), ""])


def settings_page() -> str:
    """Every setting of leeward.toml."""
    parts = [
        "# Settings: leeward.toml", "", "Paths are relative to the file. An unknown key is an error.", "",
        _section(config.Config, "Config"), _section(config.Gateway, "Gateway"), _section(config.Limits, "Limits"),
        _section(config.Store, "Store"), _section(config.Console, "Console"), _section(config.LibraryUpdates, "LibraryUpdates"),
        _section(config.Mail, "Mail"),
        _section(config.Webhooks, "Webhooks"), _section(config.Alerts, "Alerts"), _section(config.ListSource, "ListSource"),
        _section(config.Client, "Client"), _section(config.User, "User"),
    ]  # fmt: skip
    return "\n".join(parts)


def policy_page() -> str:
    """Every key of a policy file."""
    parts = [
        "# The policy file", "", "For installations without the console; the console edits the same things. Rules are read",
        "top down within their tier: sealed (not in this file), temporary, lesson, profile, then the profile's own action.", "",
        _section(model.Policy, "Policy"), _section(model.Profile, "Profile"), _section(model.Rule, "Rule"),
        _section(model.When, "When"),
    ]  # fmt: skip
    return "\n".join(parts)


def events_page() -> str:
    """Every event kind and field."""
    out = [
        "# Events",
        "",
        "Personal fields are redacted in exports to others; names are never in events, only tokens.",
        "",
    ]
    for name, kind in KINDS.items():
        out += [f"## {name}", "", (kind.__doc__ or "").strip(), "", f"Kept for {kind.RETENTION_DAYS} days, unless "
                f"`store.retention_days.{name}` says otherwise.", "", "| field | personal | meaning |", "| --- | --- | --- |"]  # fmt: skip
        out += [f"| `{field}` | {'yes' if personal else ''} | {about} |" for field, _, about, personal in fields(kind)]
        out.append("")
    return "\n".join(out)


def sources_page() -> str:
    """Every list format."""
    out = ["# List formats", ""]
    for name, item in FORMATS.items():
        about = (getattr(item, "__doc__", "") or "").strip()
        out += [f"## {name}", "", item.TITLE + ".", "", about, ""]
    return "\n".join(out)


def categories_page() -> str:
    """Every category."""
    out = ["# Categories", "", "Sealed categories can be opened by nobody. HTTPS of private ones is not looked into.", "",
           "| id | title | holds | area of risk | source | UT1 names |", "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for item in taxonomy.categories().values():
        marks = (" **sealed**" if item.sealed else "") + (" **private**" if item.private else "")
        out.append(
            f"| `{item.id}` | {item.title}{marks} | {item.about} | {item.risk} | {item.source} | {', '.join(item.ut1)} |"
        )
    return "\n".join([*out, ""])


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "policy.md": policy_page,
    "events.md": events_page,
    "sources.md": sources_page,
    "categories.md": categories_page,
}


def docs_command(
    *, write: Annotated[bool, typer.Option("--write", help="Write the pages; otherwise only compare.")] = False
) -> None:
    """Make the reference pages in docs/reference, or say which are out of date."""
    stale = [name for name, make in PAGES.items() if not _is_current(_FOLDER / name, make())]
    if not write:
        if stale:
            fail(f"out of date: {', '.join(stale)}; run `make docs`")
        say("up to date")
        return
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (_FOLDER / name).write_text(PAGES[name]())
    say(f"written: {', '.join(stale) or 'nothing'}")


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text
