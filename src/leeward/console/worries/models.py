"""Worries and what was said about them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.alerts.models import Alert
from leeward.console.people.models import Person


class Worry(models.Model):
    """One worry. Without `sender` nobody can tell who told it: no address is kept, and the code only as a digest."""

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="worry")
    code = models.CharField(max_length=64, unique=True)
    sender = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    says = models.CharField(max_length=200, blank=True)  # who somebody says they are, unproven
    about = models.CharField(max_length=200, blank=True)
    opened = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.alert_id)


class Message(models.Model):
    """One thing that was said, by whoever told us or by staff."""

    worry = models.ForeignKey(Worry, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    from_staff = models.BooleanField(default=False)
    words = models.TextField(_("words"), max_length=4000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.words[:40]
