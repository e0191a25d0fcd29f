"""Samples, their items, and what came of looking at them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.roles import May


class Sample(models.Model):
    """A random sample. With the seed anybody can draw it again and see that nobody chose."""

    class Kind(models.TextChoices):
        """What it is drawn from."""

        LOOKS = "looks", _("Looks at people's activity")
        DECISIONS = "decisions", _("Alerts decided as no concern")
        SEARCHES = "searches", _("Searches in the log")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    first = models.DateField()
    last = models.DateField()
    seed = models.CharField(max_length=32)
    population = models.PositiveIntegerField()
    drawn = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")  # None: by the clock
    closed = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-drawn", "-id")
        constraints = (
            # One of each kind a week by the clock, however many processes ask.
            models.UniqueConstraint(fields=("kind", "first"), condition=models.Q(by=None), name="one_a_week"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"

    def is_for(self, actor: Person) -> bool:
        """Looks are read by the head or the chair; decisions and searches by those who deal with alerts."""
        return actor.may(May.REVIEW_ACCESS if self.kind == self.Kind.LOOKS else May.TAKE_SAMPLES)


class Item(models.Model):
    """One thing that was drawn. `reference` names it where it lies; `told` is what the reader is shown."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="items")
    reference = models.CharField(max_length=80)
    told = models.JSONField(default=dict)
    who = models.CharField(max_length=32, blank=True)  # token of the member of staff whose work it is
    outcome = models.CharField(
        max_length=10, blank=True,
        choices=[("in-order", _("In order")), ("ask", _("To be asked about")), ("concern", _("A concern"))],
    )  # fmt: skip
    words = models.CharField(max_length=500, blank=True)
    reader = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    read = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.reference
