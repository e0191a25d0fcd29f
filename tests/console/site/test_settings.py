"""Settings come from leeward.toml."""

from django.conf import settings


def test_the_key_is_long_and_nothing_is_shown_to_strangers() -> None:
    assert len(settings.SECRET_KEY) == 64
    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_HTTPONLY
