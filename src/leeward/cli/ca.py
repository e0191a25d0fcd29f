"""leeward ca: the school's certificate authority."""

from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.gates.web.certs import Authority, create_authority
from leeward.gates.web.gate import ca_folder

app = typer.Typer(help="The school's certificate authority.", no_args_is_help=True)


@app.command("create")
def create(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    name: Annotated[str, typer.Option(help="The name that devices show.")] = "Leeward school CA",
) -> None:
    """Make the CA, if there is none."""
    with clear_errors():
        authority = create_authority(ca_folder(load_config(config)), name=name)
    _show(authority, as_json=False)


@app.command("show")
def show(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Where the certificate lies, and its fingerprint."""
    with clear_errors():
        authority = Authority(ca_folder(load_config(config)))
    _show(authority, as_json=as_json)


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="Where to write the certificate (PEM).")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write the certificate, without its key, for devices."""
    with clear_errors():
        authority = Authority(ca_folder(load_config(config)))
        target.write_bytes(authority.certificate_path.read_bytes())
        target.chmod(0o644)  # a certificate is for everybody
    say(f"{target}: SHA-256 {authority.fingerprint}")


def _show(authority: Authority, *, as_json: bool) -> None:
    until = authority.certificate.not_valid_after_utc.date().isoformat()
    if as_json:
        say_json({"path": str(authority.certificate_path), "sha256": authority.fingerprint, "valid_until": until})
    else:
        say(f"{authority.certificate_path}\nSHA-256 {authority.fingerprint}\nvalid until {until}")
