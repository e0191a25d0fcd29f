"""The console's log holds no address."""

import logging

from django.conf import settings

from leeward.console.site.log import NoAddresses


def test_a_fault_is_logged_without_the_address_of_its_page() -> None:
    record = logging.LogRecord(
        "django.request", logging.ERROR, "f", 1, "Internal Server Error: %s", ("/people/one/x",), None
    )
    record.request = object()
    assert NoAddresses().filter(record)
    assert "people" not in record.getMessage()
    assert not hasattr(record, "request")
    assert settings.LOGGING["loggers"]["django.request"] == {"level": "ERROR", "filters": ["no_addresses"]}
