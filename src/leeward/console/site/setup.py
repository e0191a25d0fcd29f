"""Django made ready from outside: for the command line and the demonstration."""

import fcntl
import os
from pathlib import Path


def set_up_django(config: Path) -> None:
    """Django with this configuration, its tables up to date; of several processes one brings them up to date."""
    os.environ["LEEWARD_CONFIG"] = str(config.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "leeward.console.site.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    with (settings.STATE / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("migrate", verbosity=0, interactive=False)
