"""What people do with lists."""

from django.conf import settings

from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.upkeep.lists import ask_now


@action("lists.bring", may=May.EDIT_LISTS)
def bring(actor: Person) -> Change[None]:
    """Every list is asked for now, not when it is due."""
    ask_now(settings.CONFIG)
    return Change(None)
