"""The draft that is being edited, and the versions that were published. Bodies are policies as JSON."""

from django.db import models


class Draft(models.Model):
    """There is one."""

    body = models.TextField()
    changed = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"draft of {self.changed:%Y-%m-%d %H:%M}"


class Version(models.Model):
    """A policy as it was published; never changed."""

    made = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    snapshot = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"version {self.pk} of {self.made:%Y-%m-%d %H:%M}"
