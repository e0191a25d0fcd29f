"""Writing a sighting down; several within two weeks are a pattern for those who look after pupils."""

import datetime as dt

from leeward.console.alerts.joining import Heads, hit_of_signal, join
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.phones.models import Sighting
from leeward.detect.signals import Signal

TIMES, DAYS = 3, 14  # so many within so many days are a pattern
_WEIGHT, _HALF_LIFE = 4.0, 14.0


@action("phones.log", may=May.LOG_PHONES)
def log(actor: Person, sighting: Sighting) -> Change[Sighting]:
    """Write it down."""
    sighting.by = actor
    sighting.save()
    since = sighting.at - dt.timedelta(days=DAYS)
    rows = Sighting.objects.filter(pupil=sighting.pupil, at__gt=since, at__lte=sighting.at)
    count = rows.exclude(outcome=Sighting.Outcome.AGREED).count()
    if count >= TIMES:
        pupil = sighting.pupil
        signal = Signal(
            detector="phone-seen", key=f"phone-seen:{pupil.token}:{sighting.at:%G-%V}", at=sighting.at.timestamp(),
            who=pupil.token, theme="pattern", severity=2, weight=_WEIGHT, half_life=_HALF_LIFE,
            reason=f"A phone was seen {count} times within {DAYS} days.",
        )  # fmt: skip
        join([(hit_of_signal(signal), Heads(group=(pupil.groups or [""])[0]))])
    return Change(sighting, sighting.pupil.login, {"outcome": sighting.outcome}, sighting.pupil.token)
