"""Origin servers whose certificates can't be believed: each is refused with a page that says why."""

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.gates.web.origin import Origin
from tests.gates.web.running import RunningGateway

type Key = ec.EllipticCurvePrivateKey
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


def issue(
    subject: str,
    *,
    issuer: tuple[x509.Certificate, Key] | None = None,
    is_ca: bool = False,
    begin: dt.datetime = NOW - DAY,
    end: dt.datetime = NOW + 30 * DAY,
) -> tuple[x509.Certificate, Key]:
    """A certificate and its key; self-signed without an issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer[0].subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def revocations(
    issuer: tuple[x509.Certificate, Key], *revoked: x509.Certificate, end: dt.datetime = NOW + DAY
) -> bytes:
    """A revocation list in PEM."""
    builder = x509.CertificateRevocationListBuilder(issuer[0].subject, last_update=NOW - 2 * DAY, next_update=end)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder(one.serial_number, NOW - DAY).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer[1], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[Callable[..., Origin]]:
    """Starts an origin server with a chain."""
    made: list[Origin] = []

    def start(leaf: tuple[x509.Certificate, Key], *chain: x509.Certificate) -> Origin:
        path = tmp_path / f"{len(made)}.pem"
        key = leaf[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(key + pem(leaf[0]) + b"".join(pem(one) for one in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        made.append(Origin(context=context))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_chains_that_can_not_be_believed_are_refused_with_a_page_that_says_why(
    tmp_path: Path, origin: Callable[..., Origin]
) -> None:
    root = issue("Trusted root", is_ca=True)
    not_ca = issue("ok.test", issuer=root)
    old = issue("Old intermediate", issuer=root, is_ca=True, begin=NOW - 60 * DAY, end=NOW - DAY)
    stranger = issue("Unknown root", is_ca=True)
    bad = {
        "expired": origin(issue("ok.test", issuer=root, begin=NOW - 9 * DAY, end=NOW - DAY)),
        "not valid yet": origin(issue("ok.test", issuer=root, begin=NOW + DAY)),
        "self-signed": origin(issue("ok.test")),
        "another host": origin(issue("somebody-else.test", issuer=root)),
        "unknown root": origin(issue("ok.test", issuer=stranger), stranger[0]),
        "issuer is no authority": origin(issue("ok.test", issuer=not_ca), not_ca[0]),
        "intermediate expired": origin(issue("ok.test", issuer=old), old[0]),
        "intermediate missing": origin(issue("ok.test", issuer=issue("Hidden", issuer=root, is_ca=True))),
    }
    good = origin(issue("ok.test", issuer=root))
    ports = [good.port, *(one.port for one in bad.values())]
    with RunningGateway(tmp_path, ports=ports) as gateway:
        trust = tmp_path / "origin-ca.pem"
        trust.write_bytes(trust.read_bytes() + pem(root[0]))
        gateway.reload()
        assert b"Hello from the origin" in ask(gateway, good.port)
        for why, server in bad.items():
            page = ask(gateway, server.port)
            assert page.startswith(b"HTTP/1.1 502"), why
            assert b"not safe to open" in page, why
            assert b"Hello from the origin" not in page, why
            assert not server.requests, f"{why}: nothing was asked of it"


def test_a_revoked_certificate_or_authority_is_refused_from_the_reload_on_that_brings_the_list(
    tmp_path: Path, origin: Callable[..., Origin]
) -> None:
    root = issue("Trusted root", is_ca=True)
    middle = issue("Intermediate", issuer=root, is_ca=True)
    leaf = issue("ok.test", issuer=middle)
    server, other = origin(leaf, middle[0]), origin(issue("ok.test", issuer=root))
    (tmp_path / "crls.pem").write_bytes(revocations(root))
    with RunningGateway(tmp_path, ports=[server.port, other.port], extra='crls = ["crls.pem"]') as gateway:
        trust = tmp_path / "origin-ca.pem"
        trust.write_bytes(trust.read_bytes() + pem(root[0]))
        gateway.reload()
        assert b"Hello from the origin" in ask(gateway, server.port)
        assert b"Hello from the origin" in ask(gateway, other.port)
        for revoked, issuer in ((leaf, middle), (middle, root)):
            served = len(server.requests)
            (tmp_path / "crls.pem").write_bytes(revocations(issuer, revoked[0]))
            gateway.reload()
            page = ask(gateway, server.port)
            assert page.startswith(b"HTTP/1.1 502")
            assert b"revoked" in page
            assert len(server.requests) == served, "nothing was asked of it"
            assert b"Hello from the origin" in ask(gateway, other.port), "the others are served"


def ask(gateway: RunningGateway, port: int) -> bytes:
    """A page through an inspected tunnel."""
    with gateway.tunnel("ok.test", port) as sock:
        sock.sendall(f"GET / HTTP/1.1\r\nHost: ok.test:{port}\r\nConnection: close\r\n\r\n".encode())
        pieces = []
        while piece := sock.recv(65_536):
            pieces.append(piece)
        return b"".join(pieces)
