"""Versions of the notice, and signatures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person


class Notice(models.Model):
    """One version, for pupils or for staff; the newest counts."""

    audience = models.CharField(_("for"), max_length=10, choices=[("pupil", _("Pupils")), ("staff", _("Staff"))])
    words = models.TextField(_("words"), max_length=6000)
    published = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-published", "-id")

    def __str__(self) -> str:
        return f"{self.audience} {self.pk}"


class Signature(models.Model):
    """What somebody answered to a version: the record of the yearly agreement too."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    accepted = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)
    client = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.person_id} {self.accepted}"
