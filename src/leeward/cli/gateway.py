"""leeward gateway: the web gateway alone, from files."""

import logging
import queue
import signal
import sys
import threading

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, clear_errors, fail, load_config, say
from leeward.cli.status import check_config
from leeward.config import Config, ConfigError, load
from leeward.gates.web.certs import CertificateError
from leeward.gates.web.supervisor import Supervisor
from leeward.policy.compile import PolicyError, Shelf, load_current
from leeward.policy.snapshot import BadSnapshot
from leeward.sources.reader import SourceError
from leeward.upkeep.compiling import compile_snapshot

_log = logging.getLogger("leeward.gateway")


def gateway_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the web gateway. SIGHUP takes up changes of configuration, policy and lists; SIGTERM ends it."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    with clear_errors():
        settings = load_config(config)
        supervisor = Supervisor(settings, config.resolve())
        supervisor.prepare()
        if faults := check_config(settings):
            fail("\nleeward: ".join(faults))
        done = _compiled(settings)
        supervisor.open_doors()
        _listen_to_signals(supervisor)
        supervisor.start()
    ports = ",".join(str(port) for port in supervisor.ports)
    say(f"ready gateway={settings.gateway.listen[0].rpartition(':')[0]}:{ports} snapshot={done} "
        f"workers={supervisor.count}")  # fmt: skip
    sys.stdout.flush()
    supervisor.run()


def _compiled(settings: Config) -> str:
    """The snapshot to start with: a fresh one; or, if a list was lost, the one that holds, which is said."""
    try:
        compile_snapshot(settings)
    except SourceError as error:
        _log.error("%s", error)
    with load_current(Shelf(settings.state_path / "snapshots")) as current:
        return f"{current.name[:12]} names={current.info.names}"


def _listen_to_signals(supervisor: Supervisor) -> None:
    """Handlers only leave a word: whatever takes a lock could wait for the thread that it interrupted."""
    asked: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.stop())
    signal.signal(signal.SIGHUP, lambda *_: asked.put(None))
    threading.Thread(target=_reloads, args=(supervisor, asked), name="reload", daemon=True).start()


def _reloads(supervisor: Supervisor, asked: "queue.SimpleQueue[None]") -> None:
    while True:
        asked.get()
        _reload(supervisor)


def _reload(supervisor: Supervisor) -> None:
    """Compile beside the running workers; a fault leaves everything as it was."""
    try:
        settings = load(supervisor.config_path)
        done = compile_snapshot(settings)
    except (ConfigError, PolicyError, BadSnapshot, SourceError, CertificateError, OSError) as error:
        _log.error("nothing was changed: %s", error)
        return
    _log.info("snapshot %s is current", done.snapshot[:12])
    supervisor.reload()
