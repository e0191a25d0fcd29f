"""leeward.toml -> one frozen Config. Every setting says what it is for; the reference page is made from here."""

import os
import secrets
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class ConfigError(Exception):
    """The configuration can't be used. The message says where and what to do."""


def _about(text: str, **limits: Any) -> Meta:
    return Meta(description=text, **limits)


Port = Annotated[int, Meta(ge=0, le=65535)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of leeward.toml; an unknown key is an error, so a slip of the pen is seen."""


class ListSource(Section, frozen=True):
    """One category list (requirements F01)."""

    name: Annotated[str, _about("A short name, unique; shown in decisions and reports.", pattern=r"^[a-z0-9-]+$")]
    source: Annotated[str, _about("A file, a folder, an archive (.tar.gz) or an http(s) URL.")]
    format: Annotated[
        str, _about("ut1, hosts, plain, adguard, dnsmasq, rpz, cidr, csv, or auto to tell from the content.")
    ] = "auto"
    category: Annotated[str, _about("The category that its names belong to, where the format doesn't carry one.")] = ""
    tier: Annotated[
        Literal["school", "sealed"],
        _about("sealed: an illegal-content feed that nobody can switch off or override."),
    ] = "school"
    sha256: Annotated[str, _about("Refuse the download unless it has this SHA-256 (hex).")] = ""
    max_bytes: Annotated[int, _about("Refuse a larger download.", ge=1)] = 512 * 1024 * 1024
    every_hours: Annotated[float, _about("How often a URL is asked again.", gt=0)] = 24.0


class Client(Section, frozen=True):
    """Devices known by their address alone (one class of device, requirements T2)."""

    networks: Annotated[tuple[str, ...], _about("Addresses or CIDR ranges, IPv4 or IPv6.")]
    profile: Annotated[str, _about("The profile that applies; empty keeps the unknown client's.")] = ""
    groups: Annotated[tuple[str, ...], _about("Groups that whoever uses it belongs to.")] = ()
    role: Annotated[str, _about("pupil, staff, guest or another role of the policy.")] = ""
    person: Annotated[str, _about("The person's token or log-in, for a device that one person uses.")] = ""
    site: Annotated[str, _about("The site (building, campus) for rules with a place.")] = ""
    device_class: Annotated[str, _about("For rules with a class of device, e.g. chromebook, iot, byod.")] = ""
    has_ca: Annotated[
        bool, _about("Whether the devices trust the school's CA; without it HTTPS is never inspected.")
    ] = True


class User(Section, frozen=True):
    """A log-in for proxy authentication, for devices that can do nothing else."""

    login: Annotated[str, _about("The log-in name.")]
    password_hash: Annotated[str, _about("An argon2 hash; `leeward check --hash` makes one.")]
    profile: Annotated[str, _about("The profile that applies.")] = ""
    groups: Annotated[tuple[str, ...], _about("Groups of this person.")] = ()
    role: Annotated[str, _about("The person's role.")] = ""


class Limits(Section, frozen=True):
    """Bounds and clocks of the gateway."""

    header_bytes: Annotated[int, _about("Largest request or response head.", ge=1024)] = 65_536
    header_count: Annotated[int, _about("Most header fields in one head.", ge=8)] = 128
    url_bytes: Annotated[int, _about("Longest request target.", ge=256)] = 16_384
    scan_bytes: Annotated[int, _about("Bodies are held and scanned up to this size, decoded.", ge=0)] = 1_048_576
    hold_seconds: Annotated[
        float, _about("A page is held for scanning so long at most; then it is scanned as it streams.", gt=0)
    ] = 1.0
    buffer_bytes: Annotated[int, _about("Bytes held a direction before the sender is made to wait.", ge=4096)] = 262_144
    head_seconds: Annotated[float, _about("Time for a complete head to arrive.", gt=0)] = 20.0
    idle_seconds: Annotated[float, _about("Time without a byte, within a request or a tunnel.", gt=0)] = 300.0
    keepalive_seconds: Annotated[float, _about("Time between two requests of a connection.", gt=0)] = 75.0
    connect_seconds: Annotated[float, _about("Time to reach an origin server.", gt=0)] = 15.0
    response_seconds: Annotated[float, _about("Time for an origin server to begin its answer.", gt=0)] = 120.0
    connections_per_client: Annotated[int, _about("Open connections of one address.", ge=1)] = 6_000
    pool_per_origin: Annotated[int, _about("Idle connections kept to one origin server.", ge=0)] = 32


class Gateway(Section, frozen=True):
    """The web gateway."""

    listen: Annotated[tuple[str, ...], _about("Addresses for the explicit proxy, host:port.")] = ("127.0.0.1:8080",)
    transparent: Annotated[
        tuple[str, ...], _about("Addresses that nftables redirects ports 80 and 443 to, host:port.")
    ] = ()
    proxy_protocol_from: Annotated[
        tuple[str, ...],
        _about("Load balancers (CIDR) whose PROXY protocol v2 header is believed, and required."),
    ] = ()
    admin: Annotated[str, _about("Address of /health and /metrics, host:port; empty for none.")] = "127.0.0.1:8081"
    workers: Annotated[int, _about("Worker processes; 0 means one a core.", ge=0, le=256)] = 0
    resolver: Annotated[str, _about("A DNS server, host or host:port; empty uses the system's.")] = ""
    hosts: Annotated[str, _about("A hosts file that is asked before the resolver.")] = ""
    trust: Annotated[tuple[str, ...], _about("PEM files of further roots for upstream certificates.")] = ()
    crls: Annotated[
        tuple[str, ...],
        _about("Revocation lists (CRL, PEM or DER): servers with a certificate in them are refused."),
    ] = ()
    allow_private: Annotated[
        tuple[str, ...],
        _about("Private destinations that may be reached: CIDR or address, with :port to allow one port only."),
    ] = ()
    port_map: Annotated[
        dict[str, int],
        _about(
            "Ports of origin servers that lie elsewhere, e.g. 80 = 9080: for demonstrations and tests without root."
        ),
    ] = {}
    connect_ports: Annotated[tuple[int, ...], _about("Ports that CONNECT may ask for.")] = (443, 8443, 80)
    unknown_clients: Annotated[
        Literal["strictest", "sign-in"],
        _about("What an unknown client gets: the strictest profile at once, or the sign-in page."),
    ] = "strictest"
    sign_in_url: Annotated[str, _about("The sign-in page, an absolute URL of the console.")] = ""
    proxy_auth: Annotated[bool, _about("Offer proxy authentication (407) to unknown clients.")] = False
    no_inspect: Annotated[
        tuple[str, ...], _about("Host names never inspected: pinned apps. Their host is still filtered.")
    ] = ()
    ca_folder: Annotated[str, _about("Folder of the school's CA; empty: `ca` in the state folder.")] = ""
    library: Annotated[
        bool,
        _about("Whether searches, pages and what is written are read for signs of harm, with the library."),
    ] = True
    packs: Annotated[tuple[str, ...], _about("Files of the school's own phrases; see the phrases reference.")] = ()
    limits: Annotated[Limits, _about("Bounds and clocks.")] = Limits()


class Store(Section, frozen=True):
    """Events: spool, store, retention."""

    flush_ms: Annotated[
        int, _about("How long an event may stay in memory before it is in the spool.", ge=1, le=900)
    ] = 200
    ingest_seconds: Annotated[float, _about("How often the spool is moved into the store.", gt=0)] = 5.0
    retention_days: Annotated[dict[str, int], _about("Days by event kind; see the events reference for defaults.")] = {}


class Console(Section, frozen=True):
    """The console."""

    listen: Annotated[str, _about("Address of the console, host:port.")] = "127.0.0.1:8000"
    database: Annotated[str, _about("postgresql://… ; empty: SQLite in the state folder.")] = ""
    second_factor: Annotated[
        Literal["required", "offered"],
        _about("Whether everybody with a role must use an authenticator (DfE-CS-5), or only who has set one up."),
    ] = "required"
    public_url: Annotated[str, _about("The address that browsers use, if a front server stands before it.")] = ""
    front_server: Annotated[
        str, _about("Its address: its X-Forwarded-For says who asks. Empty: nobody is believed.")
    ] = ""


class LibraryUpdates(Section, frozen=True):
    """Updates of the phrase library."""

    url: Annotated[str, _about("Where they are published; empty: the library that came with the program.")] = ""
    key: Annotated[str, _about("Whose signature counts: an Ed25519 public key, 64 hexadecimal digits.")] = ""
    every_hours: Annotated[float, _about("How often the URL is asked.", gt=0)] = 24.0


class Mail(Section, frozen=True):
    """The server that takes alerts, digests and reports as e-mail. Without a host nothing is mailed."""

    host: Annotated[str, _about("Name or address of the SMTP server.")] = ""
    port: Annotated[int, _about("Its port.", ge=1, le=65535)] = 587
    security: Annotated[Literal["starttls", "tls", "none"], _about("How the connection is kept private.")] = "starttls"
    user: Annotated[str, _about("The log-in, if the server wants one.")] = ""
    password_file: Annotated[str, _about("A file (mode 0600) that holds the password.")] = ""
    sender: Annotated[str, _about("The address that mail comes from.")] = "leeward@localhost"
    seconds: Annotated[float, _about("Time for the server to answer.", gt=0)] = 10.0


class Webhooks(Section, frozen=True):
    """Other systems that are told by HTTPS. Each word is signed: see docs/howto/alerts.md."""

    alerts: Annotated[str, _about("A URL that is told of each alert; it names nobody.")] = ""
    sms: Annotated[str, _about("A URL that takes {to, text} and sends a text message.")] = ""
    secret_file: Annotated[str, _about("A file (mode 0600) that holds the secret of the signature.")] = ""
    seconds: Annotated[float, _about("Time for the system to answer.", gt=0)] = 10.0


class Alerts(Section, frozen=True):
    """How long what alerts keep of pupils is kept."""

    harmless_days: Annotated[int, _about("Days until the words of what was no concern are erased.", ge=1)] = 30
    noted_days: Annotated[int, _about("Days until findings are erased that opened no alert.", ge=1)] = 90
    incident_days: Annotated[int, _about("Days until the words of an incident's alert are erased.", ge=30)] = 2557


class Config(Section, frozen=True):
    """Everything that is set once a machine; what people edit lives in the console's database."""

    state: Annotated[str, _about("Folder for snapshots, spool, store, database and secrets.")] = "state"
    timezone: Annotated[str, _about("The school's time zone, for timetables.")] = "Europe/London"
    policy: Annotated[str, _about("A policy file, for an installation without the console.")] = ""
    lists: Annotated[tuple[ListSource, ...], _about("Category lists.")] = ()
    clients: Annotated[tuple[Client, ...], _about("Devices known by address.")] = ()
    users: Annotated[tuple[User, ...], _about("Log-ins for proxy authentication.")] = ()
    gateway: Annotated[Gateway, _about("The web gateway.")] = Gateway()
    store: Annotated[Store, _about("Events and their store.")] = Store()
    console: Annotated[Console, _about("The console.")] = Console()
    library: Annotated[LibraryUpdates, _about("Updates of the phrase library.")] = LibraryUpdates()
    mail: Annotated[Mail, _about("The mail server.")] = Mail()
    webhooks: Annotated[Webhooks, _about("Other systems that are told.")] = Webhooks()
    alerts: Annotated[Alerts, _about("How long alerts are kept.")] = Alerts()
    detectors: Annotated[
        dict[str, dict[str, float]], _about("Numbers of detectors by name; see the detectors reference.")
    ] = {}
    folder: Annotated[str, _about("Set by Leeward: where the file lies; relative paths start there.")] = "."

    def path(self, value: str) -> Path:
        """A path of the file, relative to the file."""
        return (Path(self.folder) / value).resolve()

    @property
    def state_path(self) -> Path:
        """The state folder."""
        return self.path(self.state)


def parse(text: str, *, folder: str = ".", name: str = "leeward.toml") -> Config:
    """Read the text of a configuration file. Raises ConfigError with the place of the fault."""
    try:
        raw = tomllib.loads(text)
        raw["folder"] = folder
        config = msgspec.convert(raw, Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{name}: {error}") from error
    names = [item.name for item in config.lists]
    if doubled := {n for n in names if names.count(n) > 1}:
        raise ConfigError(f"{name}: two lists are named {sorted(doubled)[0]!r}; give each its own name.")
    return config


def load(path: Path) -> Config:
    """Read a configuration file. Raises ConfigError if it is missing or wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: can't be read ({error}). Give --config FILE, or start with `leeward demo`."
        ) from error
    return parse(text, folder=str(path.resolve().parent), name=str(path))


def make_secret(path: Path) -> bytes:
    """A random key in a file, mode 0600; made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(fd, "wb") as handle:
        key = secrets.token_bytes(32)
        handle.write(key)
    return key
