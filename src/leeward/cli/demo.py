"""leeward demo: the platform for an invented school."""

import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.common import clear_errors, fail, say, say_json
from leeward.demo.run import Demo
from leeward.gates.web.certs import Authority
from leeward.gates.web.gate import ca_folder
from leeward.processes import PartFailed


def demo_command(
    *,
    state: Annotated[Path, typer.Option(help="Where the demonstration keeps its data.")] = Path("demo-state"),
    port: Annotated[int, typer.Option(help="The gateway's port.")] = 8080,
    console_port: Annotated[int, typer.Option(help="The console's port.")] = 8000,
    once: Annotated[bool, typer.Option("--once", help="Play the story, check it, print JSON, end.")] = False,
) -> None:
    """Start everything for an invented school, on loopback, without root and without internet."""
    began = time.monotonic()
    if console_port in (port, port + 1):
        fail(f"--console-port can't be {console_port}: the gateway answers on {port} and its health on {port + 1}")
    with clear_errors():
        try:
            demo = Demo(state.resolve(), port=port, console_port=console_port)
        except OSError as error:
            fail(f"the demonstration's internet can't be opened: {error}. Is another demonstration running?")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: demo.parts.request_stop())
        try:
            demo.start()
            _run(demo, once=once, seconds=time.monotonic() - began)
        except PartFailed as error:
            fail(str(error))
        finally:
            demo.stop()


def _run(demo: Demo, *, once: bool, seconds: float) -> None:
    since = time.time()
    if once:
        scenes = demo.play()
        scenes += demo.what_the_school_sees(since)
        failed = [scene for scene in scenes if not scene["ok"]]
        say_json(
            {
                "ok": not failed,
                "ready_seconds": round(seconds, 1),
                "scenes": len(scenes),
                "failed": failed,
                "story": scenes,
            }
        )
        if failed:
            raise typer.Exit(1)
        return
    _explain(demo)
    demo.play()
    while True:
        demo.parts.look_after(seconds=60)
        if demo.parts.stopping:
            say("stopped")
            return
        demo.play(again=True)


def _explain(demo: Demo) -> None:
    authority = Authority(ca_folder(demo.config))
    say(f"ready console=http://{demo.config.console.listen} gateway={demo.config.gateway.listen[0]}")
    for account in demo.accounts:
        say(f"sign in:  {account.login:16} {account.password:32} {account.title}")
    say(f"health:   http://{demo.config.gateway.admin}/health and /metrics")
    say(
        "browse:   set your browser's HTTP and HTTPS proxy to the gateway, then open http://encyclopaedia.leeward.test/"
    )
    say(f"trust:    {authority.certificate_path}")
    say(f"          SHA-256 {authority.fingerprint}")
    say(
        f"try:      curl -x http://{demo.config.gateway.listen[0]} --cacert {authority.certificate_path} https://games.leeward.test/"
    )
    say(f"explain:  {Path(sys.argv[0])} explain https://games.leeward.test/ --config {demo.folder / 'leeward.toml'}")
    say("Ctrl-C stops everything; a second start keeps the data.")
