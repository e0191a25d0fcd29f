"""One phone that was seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person


class Sighting(models.Model):
    """A pupil with a mobile where or when there should be none; staff asked about it."""

    class Outcome(models.TextChoices):
        """What came of asking."""

        AGREED = "agreed", _("Allowed, it was agreed")
        PUT_AWAY = "put-away", _("Put away when asked")
        TAKEN = "taken", _("Taken and kept at the office")
        REFUSED = "refused", _("Refused")

    pupil = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=100, blank=True)
    outcome = models.CharField(_("what came of asking"), max_length=10, choices=Outcome.choices)
    words = models.CharField(_("in a few words"), max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.outcome}"
