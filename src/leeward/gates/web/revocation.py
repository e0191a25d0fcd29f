"""Revoked certificates of origin servers, from revocation lists (CRL, RFC 5280) that lie in files.

Nothing is asked over the network: that would tell a stranger which sites a school visits, and hold up every page.
"""

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509

from leeward.gates.web.certs import CertificateError


class Revocations:
    """What the lists of some files revoke. Raises CertificateError for a file that is no list."""

    def __init__(self, paths: list[Path]) -> None:
        self._revoked: dict[bytes, set[int]] = {}
        for path in paths:
            for one in load(path):
                issuer = one.issuer.public_bytes()
                self._revoked.setdefault(issuer, set()).update(entry.serial_number for entry in one)

    def holds(self, connection: ssl.SSLObject) -> bool:
        """Whether a certificate of the verified chain is revoked."""
        return bool(self._revoked) and any(self._is_revoked(der) for der in _chain(connection))

    def _is_revoked(self, der: bytes) -> bool:
        certificate = x509.load_der_x509_certificate(der)
        serials = self._revoked.get(certificate.issuer.public_bytes())
        return serials is not None and certificate.serial_number in serials


def load(path: Path) -> list[x509.CertificateRevocationList]:
    """The lists of a file: one in DER, or any number in PEM. Raises CertificateError."""
    mark = b"-----END X509 CRL-----"
    try:
        data = path.read_bytes()
        if mark not in data:
            return [x509.load_der_x509_crl(data)]
        return [x509.load_pem_x509_crl(piece + mark + b"\n") for piece in data.split(mark)[:-1]]
    except (OSError, ValueError) as error:
        raise CertificateError(f"{path}: no revocation list, PEM or DER ({error})") from error


def stale(path: Path, *, now: dt.datetime) -> bool:
    """Whether a list of the file should have been replaced by a newer one. Raises CertificateError."""
    return any(one.next_update_utc is not None and one.next_update_utc < now for one in load(path))


def _chain(connection: ssl.SSLObject) -> list[bytes]:
    """The verified chain; before Python 3.13 only the server's own certificate is known."""
    if hasattr(connection, "get_verified_chain"):
        return list(connection.get_verified_chain())
    leaf = connection.getpeercert(binary_form=True)
    return [leaf] if leaf else []
