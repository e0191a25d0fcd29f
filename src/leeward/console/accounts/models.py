"""Passkeys of people with a role; authenticators (TOTP) are kept by django-otp."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device
from fido2.webauthn import AttestedCredentialData


class Passkey(Device):  # type: ignore[misc]
    """A WebAuthn credential (W3C Web Authentication level 2) that serves as second factor."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    credential = models.BinaryField()  # attested credential data: identifier and public key
    counter = models.PositiveBigIntegerField(default=0)
    made = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made",)
        verbose_name = _("passkey")

    def data(self) -> AttestedCredentialData:
        """The credential as the library wants it."""
        return AttestedCredentialData(bytes(self.credential))
