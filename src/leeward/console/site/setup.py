"""Django made ready from outside: for the command line and the demonstration."""

import os
from pathlib import Path


def set_up_django(config: Path) -> None:
    """Django with this configuration, its tables up to date."""
    os.environ["LEEWARD_CONFIG"] = str(config.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "leeward.console.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
