"""The transparent mode as a school's router does it: nftables redirects, in a network namespace of the test's own."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

needs_namespaces = pytest.mark.skipif(
    os.geteuid() != 0 or not (shutil.which("nft") and shutil.which("ip") and shutil.which("unshare")),
    reason="needs root, nft, ip and unshare",
)

# Runs inside a fresh network namespace: an origin at 198.51.100.10 on ports 80 and 443, clients of user 65534 are redirected.
_INSIDE = """
import subprocess, sys, pathlib
folder = pathlib.Path(sys.argv[1])
for command in (
    "ip link set lo up",
    "ip address add 198.51.100.10/32 dev lo",
):
    subprocess.run(command.split(), check=True)
rules = '''table ip leeward { chain output { type nat hook output priority -100;
meta skuid 65534 tcp dport 80 redirect to :8090
meta skuid 65534 tcp dport 443 redirect to :8090
}
}'''
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
from tests.gates.web.origin import Origin
from tests.gates.web import running
import ssl, trustme
ca = trustme.CA()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ca.issue_cert("ok.test", "private.test").configure_cert(context)
ca.cert_pem.write_to_path(folder / "origin-ca.pem")
origin, secure = Origin("198.51.100.10", port=80), Origin("198.51.100.10", context=context, port=443)
(folder / "hosts").write_text("198.51.100.10 ok.test private.test games.leeward.test\\n")
(folder / "policy.toml").write_text(running.POLICY)
(folder / "leeward.toml").write_text('''policy = "policy.toml"
[gateway]
listen = ["127.0.0.1:8080"]
transparent = ["0.0.0.0:8090"]
admin = "127.0.0.1:8081"
workers = 1
hosts = "hosts"
trust = ["origin-ca.pem"]
allow_private = ["198.51.100.10"]
[[clients]]
networks = ["198.51.100.0/24"]
profile = "pupil"
''')
gateway = subprocess.Popen([sys.executable, "-m", "leeward", "gateway", "--config", str(folder / "leeward.toml")],
                           stdout=subprocess.PIPE, text=True)
print(gateway.stdout.readline())
import time, shutil
deadline = time.monotonic() + 10
while not list((folder / "state" / "run").glob("worker-*.json")) and time.monotonic() < deadline: time.sleep(0.1)
ca_file = pathlib.Path("/tmp") / f"leeward-ca-{gateway.pid}.pem"
shutil.copyfile(folder / "state" / "ca" / "ca.pem", ca_file); ca_file.chmod(0o644)
def curl(*words):
    command = ["curl", "-sS", "-m", "10", "--resolve", "ok.test:80:198.51.100.10", "--resolve", "ok.test:443:198.51.100.10",
               "--resolve", "games.leeward.test:443:198.51.100.10", "--cacert", str(ca_file), *words]
    done = subprocess.run(command, capture_output=True, text=True, user=65534)
    print("CURL", words[-1], done.stdout.replace("\\n", " ")[:200], done.stderr[:200])
curl("http://ok.test/")
curl("https://ok.test/")
curl("-o", "/dev/null", "-w", "%{http_code}", "https://games.leeward.test/")
gateway.terminate(); gateway.wait(20)
ca_file.unlink(); origin.close(); secure.close()
"""


@needs_namespaces
@pytest.mark.journey
def test_what_nftables_redirects_is_filtered_without_a_setting_on_the_device(tmp_path: Path) -> None:
    script = tmp_path / "inside.py"
    script.write_text(textwrap.dedent(_INSIDE))
    tmp_path.chmod(0o755)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["unshare", "--net", sys.executable, str(script), str(tmp_path)],
        capture_output=True, text=True, timeout=50, check=False, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    if "Operation not permitted" in done.stderr and "ready" not in done.stdout:
        pytest.skip("this machine allows no network namespace or no nftables")
    told = dict(line.split(" ", 2)[1:] for line in done.stdout.splitlines() if line.startswith("CURL"))
    assert "Hello from the origin" in told["http://ok.test/"], done.stdout + done.stderr
    assert "Hello from the origin" in told["https://ok.test/"], done.stdout + done.stderr
    assert told["https://games.leeward.test/"].startswith("403"), done.stdout + done.stderr
