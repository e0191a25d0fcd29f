"""Forms of signing in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person


def _secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"class": "govuk-input govuk-input--width-20", "autocomplete": autocomplete})


def _text(kind: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20", "type": kind, **more})


class SignIn(forms.Form):
    """Log-in and password."""

    login = forms.CharField(label=_("Log-in"), max_length=150, widget=_text("text", autocomplete="username"))
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=_secret("current-password"))


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


class NewPassword(forms.Form):
    """A password of one's own."""

    old = forms.CharField(
        label=_("Password until now"), max_length=200, strip=False, widget=_secret("current-password")
    )
    password = forms.CharField(
        label=_("New password"), max_length=200, strip=False, help_text=_("At least 12 characters; three words are good."),
        widget=_secret("new-password"),
    )  # fmt: skip
    again = forms.CharField(label=_("Once more"), max_length=200, strip=False, widget=_secret("new-password"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_old(self) -> str:
        """Whoever finds an open console changes no password."""
        if not self.person.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("This is not your password."))
        return str(self.cleaned_data["old"])

    def clean_password(self) -> str:
        """Strong enough."""
        validate_password(self.cleaned_data["password"], self.person)
        return str(self.cleaned_data["password"])

    def clean(self) -> dict[str, Any]:
        """Typed twice alike, and another one than before."""
        data = super().clean() or {}
        if data.get("password") and data.get("password") != data.get("again"):
            self.add_error("again", _("The two are not alike."))
        if data.get("password") and data.get("password") == data.get("old"):
            self.add_error("password", _("Choose another one than before."))
        return data
