"""leeward up: gateway, ingest and console together."""

import signal

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, clear_errors, fail, load_config, say
from leeward.processes import PartFailed, Parts


def up_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the whole platform on one machine; a part that dies is started again."""
    with clear_errors():
        settings = load_config(config)
    parts = Parts(config.resolve(), settings.state_path / "logs")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: parts.request_stop())
    try:
        parts.start_all(settings)
        say(f"ready console=http://{settings.console.listen} gateway={settings.gateway.listen[0]}")
        parts.look_after()
    except PartFailed as error:
        fail(str(error))
    finally:
        parts.stop()
