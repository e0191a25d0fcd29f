"""The CA and its leaves."""

import asyncio
import stat
from pathlib import Path

import pytest
from cryptography import x509

from leeward.gates.web.certs import Authority, CertificateError, Leaves, create_authority, upstream_context
from leeward.policy.hosts import normalise


def test_a_ca_is_made_once_with_private_keys(tmp_path: Path) -> None:
    one = create_authority(tmp_path / "ca", name="Sandbay School")
    two = create_authority(tmp_path / "ca", name="Another")
    assert one.fingerprint == two.fingerprint
    for name in ("ca.key", "leaf.key"):
        assert stat.S_IMODE((tmp_path / "ca" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "host", ["ok.test", "192.0.2.1", "[2001:db8::1]", "xn--bcher-kva.example", "a" * 60 + ".b" * 60 + ".test"]
)
def test_a_leaf_names_its_host(tmp_path: Path, host: str) -> None:
    authority = create_authority(tmp_path, name="x")
    certificate = x509.load_pem_x509_certificate(authority.leaf(normalise(host)))
    certificate.verify_directly_issued_by(authority.certificate)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert host.strip("[]") in [str(name.value) for name in names]


def test_contexts_are_minted_once(tmp_path: Path) -> None:
    leaves = Leaves(create_authority(tmp_path, name="x"))
    host = normalise("ok.test")

    async def both() -> bool:
        one, two = await asyncio.gather(leaves.context(host), leaves.context(host))
        return one is two is leaves.known(host)

    assert asyncio.run(both())


def test_a_missing_ca_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="leeward ca create"):
        Authority(tmp_path)


def test_a_root_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    with pytest.raises(CertificateError, match=r"x\.pem"):
        upstream_context([tmp_path / "x.pem"])
