"""Changes of who is here."""

from typing import NamedTuple

from leeward.console.accounts.actions import session_at, sign_in_at, sign_out_at
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May


class Place(NamedTuple):
    """A device and the seat that it stands on."""

    client: str
    seat: str


class SeatGone(Exception):
    """No class log-in is at this seat any more."""


@action("presence.end", may=May.EDIT_PRESENCE)
def end(actor: Person, client: str) -> Change[bool]:
    """Nobody is at this device any more."""
    there = session_at(client)
    who = Person.objects.filter(token=there.person).values_list("login", flat=True).first() if there else None
    return Change(sign_out_at(client), client, {"who": who or ""})


@action("presence.seat", may=May.EDIT_PRESENCE)
def put_at_seat(actor: Person, pupil: Person, place: Place) -> Change[None]:
    """The teacher says which pupil sits at a class log-in's seat; from now on the device is that pupil's (T2).

    Raises SeatGone unless a class log-in holds the seat now: nobody is put where somebody else is signed in.
    """
    there = session_at(place.client)
    if there is None or there.attribution != "class" or there.seat != place.seat:
        raise SeatGone
    sign_in_at(pupil, place.client, place.seat)
    before = Person.objects.filter(token=there.person).values_list("login", flat=True).first()
    return Change(None, pupil.login, {"device": place.client, "seat": place.seat, "instead_of": before or ""})
