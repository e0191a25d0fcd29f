"""A PostgreSQL server of the tests' own, in a temporary folder, ended with the process."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.ports import free_port


def start() -> str:
    """Start a server on loopback and return its address for `console.database`. It refuses root, so it runs as postgres."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="leeward-postgres-"))
    account = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, account)
    port = free_port()

    def run(*command: str) -> None:
        wanted = pwd.getpwnam(account)
        subprocess.run(
            command, check=True, capture_output=True, cwd=folder, user=wanted.pw_uid, group=wanted.pw_gid, timeout=60
        )

    data = str(folder / "data")
    control = str(programs / "pg_ctl")
    run(str(programs / "initdb"), "-D", data, "-U", "leeward", "--auth=trust", "--no-sync", "--encoding=UTF8")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    run(control, "-D", data, "-o", options, "-w", "-l", str(folder / "log"), "start")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(run, control, "-D", data, "-m", "immediate", "stop")
    return f"postgresql://leeward@127.0.0.1:{port}/postgres"
