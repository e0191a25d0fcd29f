"""The table of field names."""

from leeward.gates.web.core.names import LOWER


def test_every_name_leads_to_itself_in_lower_case() -> None:
    assert all(lower == name.lower() for name, lower in LOWER.items())
    assert LOWER[b"Content-Length"] == b"content-length"
