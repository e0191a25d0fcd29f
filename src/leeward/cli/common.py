"""What the commands share: the configuration option, JSON output, errors as one clear line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from leeward.config import Config, ConfigError, load

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
DEFAULT_CONFIG = Path("leeward.toml")


def say(text: str = "") -> None:
    """A line for a person."""
    typer.echo(text)


def say_json(value: Any) -> None:
    """A value for a machine."""
    typer.echo(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


def fail(message: str) -> NoReturn:
    """One clear line, and exit status 1."""
    typer.echo(f"leeward: {message}", err=True)
    raise typer.Exit(1)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Known faults become one clear line each."""
    try:
        yield
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        if isinstance(error, _faults()):
            fail(str(error).replace("\n", "\nleeward: "))
        if isinstance(error, OSError):
            fail(f"{error.filename or 'the system'}: {error.strerror or error}")
        raise


def _faults() -> tuple[type[Exception], ...]:
    """Faults that are told; asked for when something went wrong, so that a command imports its own rooms alone."""
    from leeward.gates.web.certs import CertificateError
    from leeward.policy.compile import PolicyError
    from leeward.policy.snapshot import BadSnapshot
    from leeward.policy.url import BadURL
    from leeward.sources.reader import SourceError
    from leeward.text.packs import BadPack

    return (ConfigError, PolicyError, BadSnapshot, BadURL, SourceError, CertificateError, BadPack)


def load_config(path: Path) -> Config:
    """The configuration; a missing default file means every default."""
    if path == DEFAULT_CONFIG and not path.exists():
        fail("there is no leeward.toml here. Give --config FILE; docs/reference/settings.md says what it holds.")
    return load(path)
