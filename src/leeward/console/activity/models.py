"""What became of words from block pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person


class Answer(models.Model):
    """Words from a block page that somebody dealt with. The words themselves are an event and live in the store."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OPENED = "opened", _("Opened")
        CLOSED = "closed", _("Stays closed")
        SPOKEN = "spoken", _("Spoken with them")
        NOTHING = "nothing", _("Nothing to do")

    event = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.event} {self.outcome}"
