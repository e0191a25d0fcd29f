"""Forms of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _text(kind: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20", "type": kind, **more})


class SignIn(forms.Form):
    """Log-in and password."""

    login = forms.CharField(label=_("Log-in"), max_length=150, widget=_text("text", autocomplete="username"))
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"class": "govuk-input govuk-input--width-20", "autocomplete": "current-password"}),
    )  # fmt: skip


class DeviceSignIn(SignIn):
    """The same at a device, with a seat for class log-ins."""

    seat = forms.CharField(
        label=_("Seat"), required=False, max_length=20, help_text=_("Only for class log-ins: the number on your place."),
        widget=_text("text"),
    )  # fmt: skip


class Code(forms.Form):
    """Six digits of an authenticator."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$", label=_("Code from your authenticator"),
        widget=_text("text", inputmode="numeric", autocomplete="one-time-code"),
    )  # fmt: skip

    def clean_code(self) -> str:
        """The digits alone."""
        return "".join(self.cleaned_data["code"].split())
