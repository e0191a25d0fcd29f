"""The second factor: TOTP (RFC 6238) or a passkey, wanted of everybody with a role (DfE-CS-5)."""

import io

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from leeward.console.accounts.passkeys import keys_of
from leeward.console.people.models import Person


def device_of(person: Person) -> TOTPDevice | None:
    """The person's authenticator, if one was set up."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=person, confirmed=True).first()
    return found


def is_second_factor_missing(request: HttpRequest) -> bool:
    """Whether the person must still give, or set up, a second factor."""
    user = request.user
    if not isinstance(user, Person) or user.is_verified():  # type: ignore[attr-defined]
        return False
    return is_wanted(user)


def is_wanted(person: Person) -> bool:
    """Whether a password alone is not enough for this person."""
    return settings.CONFIG.console.second_factor == "required" or has_factor(person)


def has_factor(person: Person) -> bool:
    """Whether the person has set up any second factor."""
    return device_of(person) is not None or bool(keys_of(person))


def begin(person: Person) -> TOTPDevice:
    """A device that is being set up."""
    device: TOTPDevice
    device, _ = TOTPDevice.objects.get_or_create(user=person, confirmed=False, defaults={"name": "authenticator"})
    return device


def picture(device: TOTPDevice) -> SafeString:
    """The QR code of a device, as SVG."""
    out = io.BytesIO()
    segno.make(device.config_url).save(out, kind="svg", xmldecl=False, svgns=True, border=2)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn by segno from our own address
