"""Revocation lists; whole connections with them are in tests/journeys/test_certificates.py."""

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from leeward.gates.web.certs import CertificateError
from leeward.gates.web.revocation import Revocations, load, stale
from tests.journeys.test_certificates import NOW, issue, revocations


class _Connection:
    """A connection with a chain."""

    def __init__(self, *chain: x509.Certificate) -> None:
        self._chain = [one.public_bytes(serialization.Encoding.DER) for one in chain]

    def get_verified_chain(self) -> list[bytes]:
        """As Python 3.13 gives it."""
        return self._chain


def test_the_same_number_of_another_authority_is_not_revoked(tmp_path: Path) -> None:
    one, two = issue("One", is_ca=True), issue("Two", is_ca=True)
    leaf, other = issue("ok.test", issuer=one)[0], issue("ok.test", issuer=two)[0]
    (tmp_path / "list").write_bytes(revocations(two, leaf) + revocations(one))
    assert not Revocations([tmp_path / "list"]).holds(_Connection(leaf, one[0]))  # type: ignore[arg-type]
    (tmp_path / "list").write_bytes(revocations(two, leaf) + revocations(one, leaf))
    revoked = Revocations([tmp_path / "list"])
    assert revoked.holds(_Connection(leaf, one[0]))  # type: ignore[arg-type]
    assert not revoked.holds(_Connection(other, two[0]))  # type: ignore[arg-type]


def test_der_is_read_too_and_what_is_no_list_is_refused(tmp_path: Path) -> None:
    root = issue("Root", is_ca=True)
    der = x509.load_pem_x509_crl(revocations(root)).public_bytes(serialization.Encoding.DER)
    (tmp_path / "list.der").write_bytes(der)
    assert len(load(tmp_path / "list.der")) == 1
    (tmp_path / "junk").write_bytes(b"-----BEGIN X509 CRL-----\nxx\n-----END X509 CRL-----\n")
    for name in ("junk", "missing"):
        with pytest.raises(CertificateError, match="no revocation list"):
            Revocations([tmp_path / name])


def test_a_list_past_its_day_is_known(tmp_path: Path) -> None:
    root = issue("Root", is_ca=True)
    (tmp_path / "list").write_bytes(revocations(root, end=NOW - dt.timedelta(hours=1)))
    assert stale(tmp_path / "list", now=NOW)
    (tmp_path / "list").write_bytes(revocations(root))
    assert not stale(tmp_path / "list", now=NOW)
