"""Settings come from leeward.toml."""

import os

from django.conf import settings
from django.db import connection


def test_the_key_is_long_and_nothing_is_shown_to_strangers() -> None:
    assert len(settings.SECRET_KEY) == 64
    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_HTTPONLY


def test_the_database_is_the_one_that_was_asked_for(db: None) -> None:
    wanted = os.environ.get("LEEWARD_TEST_DATABASE", "sqlite")
    assert connection.vendor == wanted
