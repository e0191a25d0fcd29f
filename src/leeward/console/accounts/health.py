"""How the platform is, for whoever runs it; nothing about people."""

import json
import os
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

_LOW_DISK = 500 * 1024 * 1024


def told() -> dict[str, Any]:
    """Whether all is well, and what is not."""
    faults: list[str] = []
    try:
        with urllib.request.urlopen(f"http://{settings.CONFIG.gateway.admin}/health", timeout=1) as response:
            faults += json.load(response)["faults"]
    except urllib.error.HTTPError as error:
        with error:
            faults += json.load(error).get("faults", [])
    except (OSError, ValueError):
        faults.append("the gateway does not answer")
    disk = os.statvfs(settings.STATE)
    free = disk.f_bavail * disk.f_frsize
    if free < _LOW_DISK:
        faults.append(f"only {free // 2**20} MB are left on the disk")
    return {"faults": faults, "free_gigabytes": round(free / 2**30, 1)}
