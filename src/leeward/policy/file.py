"""A policy as a TOML file, for schools that keep their configuration in git; and the starter policy."""

import tomllib
from importlib import resources
from pathlib import Path

import msgspec

from leeward.policy.compile import PolicyError
from leeward.policy.model import Policy


def parse(text: str, *, name: str = "policy.toml") -> Policy:
    """Read a policy. Raises PolicyError with the place of the fault."""
    try:
        return msgspec.convert(tomllib.loads(text), Policy)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PolicyError(f"{name}: {error}") from error


def load(path: Path) -> Policy:
    """Read a policy file. Raises PolicyError."""
    try:
        return parse(path.read_text("utf-8"), name=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: can't be read ({error})") from error


def load_published(path: Path) -> Policy:
    """Read what the console published. Raises PolicyError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Policy)
    except (OSError, msgspec.MsgspecError) as error:
        raise PolicyError(f"{path}: can't be read ({error})") from error


def publish(path: Path, policy: Policy) -> None:
    """Leave the policy where `leeward compile` finds it, whole or not at all."""
    scratch = path.with_suffix(".arriving")
    scratch.write_bytes(msgspec.json.encode(policy))
    scratch.rename(path)


def starter() -> Policy:
    """The policy that a school starts from."""
    return parse(resources.files("leeward.policy").joinpath("starter.toml").read_text("utf-8"), name="starter.toml")
