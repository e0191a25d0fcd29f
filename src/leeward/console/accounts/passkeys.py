"""Passkeys: what the browser is asked, and whether its answer is right. The state between lies in the session."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import AuthenticationResponse, PublicKeyCredentialRpEntity, PublicKeyCredentialUserEntity

from leeward.console.accounts.models import Passkey
from leeward.console.people.models import Person

_STATE = "passkey"


class BadPasskey(ValueError):
    """The answer of the browser is not right."""


def is_possible(request: HttpRequest) -> bool:
    """Whether passkeys work at this address: they belong to a name, reached over HTTPS or on the same machine."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return host == "localhost" or (request.is_secure() and not host.replace(".", "").isdigit() and ":" not in host)


def keys_of(person: Person) -> list[Passkey]:
    """The person's passkeys."""
    return list(Passkey.objects.filter(user=person, confirmed=True))


def _server(request: HttpRequest) -> Fido2Server:
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(PublicKeyCredentialRpEntity(name="Leeward", id=host), verify_origin=lambda told: told == origin)


def ask_for_new(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    user = PublicKeyCredentialUserEntity(name=person.login, id=person.token.encode(), display_name=person.name)
    options, state = _server(request).register_begin(user, [key.data() for key in keys_of(person)])
    request.session[_STATE] = state
    return dict(options)["publicKey"]  # type: ignore[no-any-return]


def read_new(request: HttpRequest, person: Person, answer: str, name: str) -> Passkey:
    """The passkey that the browser made; not saved yet. Raises BadPasskey."""
    try:
        made = _server(request).register_complete(request.session.pop(_STATE), json.loads(answer))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadPasskey(str(error)) from error
    if made.credential_data is None:
        raise BadPasskey("no credential")
    key = Passkey(user=person, name=name[:64], confirmed=True, counter=made.counter)
    key.credential = bytes(made.credential_data)
    return key


def ask_for_known(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to prove that it holds one of the person's passkeys."""
    options, state = _server(request).authenticate_begin([key.data() for key in keys_of(person)])
    request.session[_STATE] = state
    return dict(options)["publicKey"]  # type: ignore[no-any-return]


def check(request: HttpRequest, person: Person, answer: str) -> Passkey:
    """The passkey whose answer is right. Raises BadPasskey; a counter that goes back is a copied key."""
    keys = keys_of(person)
    try:
        said = AuthenticationResponse.from_dict(json.loads(answer))
        known = [key.data() for key in keys]
        found = _server(request).authenticate_complete(request.session.pop(_STATE), known, said)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadPasskey(str(error)) from error
    key = next(key for key in keys if key.data().credential_id == found.credential_id)
    counter = said.response.authenticator_data.counter
    if (counter or key.counter) and counter <= key.counter:
        raise BadPasskey("the key's counter went back")
    key.counter, key.used = counter, timezone.now()
    key.save(update_fields=["counter", "used"])
    return key
