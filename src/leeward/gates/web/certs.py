"""The school's certificate authority, and leaf certificates minted for inspected hosts."""

import asyncio
import datetime as dt
import ipaddress
import os
import secrets
import ssl
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from leeward.policy.hosts import Host

CA_DAYS = 3650
LEAF_DAYS = 90
_REMEMBERED = 4096


class CertificateError(Exception):
    """The authority can't be read or made. The message says what to do."""


class Authority:
    """The school's CA: `ca.pem` (give it to devices) and `ca.key` (mode 0600) in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate_path = folder / "ca.pem"
        try:
            self.certificate = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())
            key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
            self._leaf_key_pem = (folder / "leaf.key").read_bytes()
            leaf = serialization.load_pem_private_key(self._leaf_key_pem, None)
        except (OSError, ValueError, TypeError) as error:
            raise CertificateError(
                f"the CA in {folder} can't be read ({error}); `leeward ca create` makes one"
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(leaf, ec.EllipticCurvePrivateKey):
            raise CertificateError(f"the CA in {folder} has another kind of key than EC P-256")
        self._key = key
        self._leaf_public = leaf.public_key()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the CA certificate, for comparing on a device."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def leaf(self, host: Host) -> bytes:
        """A certificate chain with its key, PEM, for one host."""
        now = dt.datetime.now(dt.UTC)
        name: x509.GeneralName = x509.DNSName(host.name)
        if host.address is not None:
            name = x509.IPAddress(ipaddress.ip_address(str(host.address)))
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host.name[:64])]))
            .issuer_name(self.certificate.subject)
            .public_key(self._leaf_public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(now + dt.timedelta(days=LEAF_DAYS))
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(authority_key, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM) + self._leaf_key_pem


def create_authority(folder: Path, *, name: str) -> Authority:
    """Make a CA, or open the one that is there: a second one would cut every device off."""
    if (folder / "ca.key").exists():
        return Authority(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name[:64]), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Leeward")]
    )
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + dt.timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_ca_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "ca.key", _pem(key), 0o600)
    _write(folder / "leaf.key", _pem(leaf), 0o600)
    _write(folder / "ca.pem", certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return Authority(folder)


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(fd, "wb") as handle:
        handle.write(data)
    scratch.rename(path)


class Leaves:
    """TLS contexts for inspected hosts, minted in a thread, remembered."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._contexts: OrderedDict[str, ssl.SSLContext] = OrderedDict()
        self._minting: dict[str, asyncio.Future[ssl.SSLContext]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="mint")

    def known(self, host: Host) -> ssl.SSLContext | None:
        """The context of a host that was inspected before."""
        context = self._contexts.get(host.name)
        if context is not None:
            self._contexts.move_to_end(host.name)
        return context

    async def context(self, host: Host) -> ssl.SSLContext:
        """The context of a host."""
        if (context := self.known(host)) is not None:
            return context
        waiting = self._minting.get(host.name)
        if waiting is None:
            loop = asyncio.get_running_loop()
            waiting = self._minting[host.name] = loop.run_in_executor(self._threads, self._mint, host)
        try:
            context = await asyncio.shield(waiting)
        finally:
            self._minting.pop(host.name, None)
        self._contexts[host.name] = context
        while len(self._contexts) > _REMEMBERED:
            self._contexts.popitem(last=False)
        return context

    def _mint(self, host: Host) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.num_tickets = 1
        # The ssl module reads chains from files only: an anonymous file in memory, never on disk.
        fd = os.memfd_create("leaf")
        try:
            os.write(fd, self._authority.leaf(host))
            context.load_cert_chain(f"/proc/self/fd/{fd}")
        finally:
            os.close(fd)
        return context


def upstream_context(trust: list[Path]) -> ssl.SSLContext:
    """How origin servers are verified: the system's roots and the school's further ones."""
    context = ssl.create_default_context()
    # Python 3.13 asks for extensions that browsers do without (a school's own roots often lack them).
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for path in trust:
        try:
            context.load_verify_locations(path)
        except (OSError, ssl.SSLError) as error:
            raise CertificateError(f"{path}: no PEM file of certificates ({error})") from error
    context.set_alpn_protocols(["http/1.1"])
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
