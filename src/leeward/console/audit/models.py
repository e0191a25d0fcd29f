"""One line of the audit log; written once, never changed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """Who did or looked at what, and when."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.CharField(max_length=200)
    actor_token = models.CharField(max_length=32, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    is_read = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=120, blank=True, db_index=True)  # token of whom it is about; only:ROLE
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("audit entry")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once."""
        if self.pk is not None:
            raise TypeError("an audit entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise TypeError("an audit entry is never deleted by hand")
