"""What signing in changes. These actions have no actor with a permission: they make one."""

import hashlib
import hmac
import time

from django.conf import settings
from django_otp import devices_for_user
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from leeward.console.accounts.models import Passkey
from leeward.console.audit.action import write
from leeward.console.people.models import Person
from leeward.events.kinds import Session as SessionEvent
from leeward.events.spool import SpoolWriter
from leeward.identity.sessions import Session, SessionStore

DEVICE_HOURS = {"pupil": 8, "staff": 12, "class": 2}  # a lesson for a class log-in, a day for others
_SIGNED_SECONDS = 60


class LastFactor(Exception):
    """The last second factor stays: without one nobody with a role gets in."""


def confirm_device(person: Person, device: TOTPDevice, code: str) -> bool:
    """A device becomes the person's second factor if its first code is right."""
    if not device.verify_token(code):
        return False
    device.confirmed = True
    device.save()
    write(person, "account.second-factor", subject=person.login)
    return True


def keep_passkey(person: Person, key: Passkey) -> None:
    """A passkey becomes one of the person's second factors."""
    key.save()
    write(person, "account.passkey", subject=person.login, detail={"name": key.name})


def drop_factor(person: Person, device: Device) -> None:
    """A second factor is taken away. Raises LastFactor where one is required and this is the last."""
    others = [one for one in devices_for_user(person) if one.persistent_id != device.persistent_id]
    if not others and settings.CONFIG.console.second_factor == "required":
        raise LastFactor
    device.delete()
    write(person, "account.factor-dropped", subject=person.login, detail={"name": device.name})


def change_password(person: Person, password: str) -> None:
    """Somebody chooses a password of their own; nobody else knows it."""
    person.set_password(password)
    person.password_is_given = False
    person.save(update_fields=["password", "password_is_given"])
    write(person, "account.password", subject=person.login)


def sign_in_at(person: Person, client: str, seat: str) -> None:
    """The gateway knows the person at this address from now on."""
    now = time.time()
    attribution = "class" if person.kind == Person.Kind.CLASS else "personal"
    store = SessionStore(settings.STATE / "sessions.sqlite")
    store.start(
        Session(
            client,
            person.token,
            attribution,
            seat,
            person.profile,
            person.role,
            tuple(person.groups),
            now,
            now + DEVICE_HOURS[person.kind] * 3600,
        )
    )
    store.close()
    _note(person.token, client, seat, "start")


def sign_out_at(client: str) -> bool:
    """Nobody is at this address any more. Returns whether anybody was."""
    found = session_at(client)
    store = SessionStore(settings.STATE / "sessions.sqlite")
    store.end(client)
    store.close()
    if found:
        _note(found.person, client, found.seat, "end")
    return found is not None


def session_at(client: str) -> Session | None:
    """Who is signed in at a device."""
    store = SessionStore(settings.STATE / "sessions.sqlite")
    found = store.find(client)
    store.close()
    return found


def name_at(client: str) -> str:
    """The name of whoever is signed in at a device, for whoever sits there; empty for nobody."""
    found = session_at(client)
    person = Person.objects.filter(token=found.person).first() if found else None
    return person.name if person else ""


def _note(token: str, client: str, seat: str, what: str) -> None:
    spool = SpoolWriter(settings.STATE / "spool")
    spool.put(SessionEvent(person=token, client=client, seat=seat, what=what))
    spool.close()


def signed_client(header: str, remote: str) -> str:
    """The device's address: told by the gateway under its signature, or the connection's own.

    An address with a wrong signature is ignored: nobody signs another device in.
    """
    parts = header.split(" ")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()):
        return remote
    try:
        secret = (settings.STATE / "secret").read_bytes()
    except OSError:
        return remote
    wanted = hmac.new(secret, f"{parts[0]} {parts[1]}".encode(), hashlib.sha256).hexdigest()
    if (
        not hmac.compare_digest(wanted.encode(), parts[2].encode())
        or abs(time.time() - int(parts[1])) > _SIGNED_SECONDS
    ):
        return remote
    return parts[0]
