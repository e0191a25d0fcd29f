"""Changes of who is here."""

from typing import NamedTuple

from leeward.console.accounts.actions import sign_in_at, sign_out_at
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May


class Place(NamedTuple):
    """A device and the seat that it stands on."""

    client: str
    seat: str


@action("presence.end", may=May.EDIT_PRESENCE)
def end(actor: Person, client: str) -> Change[bool]:
    """Nobody is at this device any more."""
    return Change(sign_out_at(client), client)


@action("presence.seat", may=May.EDIT_PRESENCE)
def put_at_seat(actor: Person, pupil: Person, place: Place) -> Change[None]:
    """The teacher says which pupil sits at a class log-in's seat; from now on the device is that pupil's (T2)."""
    sign_in_at(pupil, place.client, place.seat)
    return Change(None, pupil.login, {"device": place.client, "seat": place.seat})
