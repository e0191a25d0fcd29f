"""Phrase packs: YAML in, typed entries out. One file a theme and language; see docs/reference/phrases.md."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from leeward.text.patterns import BadPhrase, readings

type Channel = Literal["search", "message", "page", "email"]
type Context = Literal["negated", "quoted", "curriculum", "medical", "help", "fiction", "news", "soon"]
CHANNELS: tuple[Channel, ...] = ("search", "message", "page", "email")
_Words = tuple[str, ...]

# Pages on these may hold sexual imagery of children: their addresses are not kept (requirements T7; Protection of
# Children Act 1978 section 1). "illegal" is no theme of the library but what the sealed tier closes.
IMAGERY = frozenset(("grooming", "sexual-harassment", "sexual-content", "illegal"))


class _Loader(yaml.CSafeLoader):
    """YAML as people mean it (1.2): yes, no, on and off are words; true and false alone are not."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's way
        first: [(tag, pattern) for tag, pattern in rows if tag != "tag:yaml.org,2002:bool"]
        for first, rows in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(text: str) -> Any:
    """A YAML document. Raises yaml.YAMLError."""
    return yaml.load(text, _Loader)  # noqa: S506 - a safe loader


class BadPack(ValueError):
    """A pack that can't be used: which file, which entry, why."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Phrases of one meaning. `weight`: 0 to 100, how strongly one hit alone speaks for the theme."""

    id: str
    meaning: str
    severity: Annotated[int, msgspec.Meta(ge=1, le=5)]
    weight: Annotated[int, msgspec.Meta(ge=1, le=100)]
    phrases: Annotated[_Words, msgspec.Meta(min_length=1)]
    theme: str = ""
    language: str = ""
    where: tuple[Channel, ...] = CHANNELS
    with_: _Words = msgspec.field(default=(), name="with")
    near: _Words = ()
    without: _Words = ()
    unless: tuple[Context, ...] = ()
    age: Annotated[str, msgspec.Meta(pattern=r"^(\d{1,2}-\d{1,2})?$")] = ""
    since: str = ""
    notes: str = ""
    gloss: str = ""
    sure: bool = True
    own: bool = False  # a school's, of which the second stage knows nothing
    yes: _Words = ()
    no: _Words = ()

    @property
    def key(self) -> str:
        """Its name in findings, exclusions and figures: stable over versions."""
        return f"{self.theme}/{self.language}/{self.id}"


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file."""

    language: str
    entries: tuple[Entry, ...]
    theme: str = ""
    notes: str = ""


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a concern is about. `source`: the policy's section or the guidance that asks for it."""

    id: str
    title: str
    about: str
    source: str


@cache
def themes() -> dict[str, Theme]:
    """Every theme by its id."""
    raw = tomllib.loads(_folder().joinpath("themes.toml").read_text("utf-8"))
    return {key: msgspec.convert({"id": key, **value}, Theme) for key, value in raw.items()}


def read_pack(text: str, name: str) -> list[Entry]:
    """Entries of a pack, with theme and language filled in. Raises BadPack."""
    try:
        pack = msgspec.convert(read_yaml(text), Pack, strict=False)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise BadPack(f"{name}: {error}") from error
    entries = [
        msgspec.structs.replace(entry, theme=entry.theme or pack.theme, language=pack.language)
        for entry in pack.entries
    ]
    if faults := [f"{name}, {entry.id}: {why}" for entry in entries if (why := _fault(entry))]:
        raise BadPack("\n".join(faults))
    if twice := {entry.key for entry in entries if sum(one.key == entry.key for one in entries) > 1}:
        raise BadPack(f"{name}: {', '.join(sorted(twice))} comes twice")
    return entries


def pack_text(entries: Iterable[Entry], language: str) -> str:
    """A pack of entries as YAML, as `read_pack` reads it."""
    rows = [msgspec.to_builtins(msgspec.structs.replace(entry, language="")) for entry in entries]
    return yaml.safe_dump({"language": language, "entries": rows}, allow_unicode=True, sort_keys=False, width=120)


def _fault(entry: Entry) -> str:
    if entry.theme not in themes():
        return f"there is no theme {entry.theme!r}"
    try:
        for phrase in (*entry.phrases, *entry.with_, *entry.near, *entry.without):
            readings(phrase)
    except BadPhrase as error:
        return str(error)
    return ""


def check_entry(entry: Entry) -> None:
    """Raises BadPack if an entry can't be looked for: a phrase that can't be read, a theme that there is not."""
    if why := _fault(entry):
        raise BadPack(why)


def own_packs() -> list[Entry]:
    """The library of the project's own making."""
    files = [file for file in source_files() if file.name.count(".") > 1]
    return [entry for file in files for entry in read_pack(file.read_text("utf-8"), file.name)]


def source_files() -> list[Traversable]:
    """Packs, and what else the library is made of."""
    packs = sorted((one for one in library_file("packs").iterdir() if one.name.endswith(".yaml")), key=_name)
    return [*packs, _folder().joinpath("themes.toml"), library_file("contexts.yaml"), library_file("idioms.yaml")]


_update: Path | None = None  # of this process: it looks for one library at a time


def use_update(folder: Path | None) -> None:
    """Read packs from an update's folder from now on; None: those that came with the program."""
    global _update
    _update = folder


def library_file(name: str) -> Traversable:
    """A file or folder of the library, of the update if one counts."""
    return (_update or _folder()).joinpath(name)


def _name(file: Traversable) -> str:
    return file.name


def _folder() -> Traversable:
    return resources.files("leeward.text")


def counted(entries: Iterable[Entry]) -> int:
    """How many phrases these entries hold, every alternative counted."""
    return sum(readings(phrase) for entry in entries for phrase in entry.phrases)
