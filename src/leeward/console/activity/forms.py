"""What the log is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.console.rules.queries import profile_names


def _line(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "govuk-input", **more})


class PurposeForm(forms.Form):
    """Why somebody looks at a person (requirements M14)."""

    purpose = forms.CharField(
        label=_("Why are you looking?"), max_length=200, help_text=_("Kept in the audit log with what you asked for."),
        error_messages={"required": _("Say why you look at people's records.")}, widget=_line(),
    )  # fmt: skip


class LogForm(PurposeForm):
    """Filters of the log."""

    field_order = ("who", "attribution", "client", "host", "term", "action", "since", "until", "purpose")
    who = forms.CharField(label=_("Person"), required=False, widget=_line())
    attribution = forms.ChoiceField(
        label=_("Known by"), required=False, widget=forms.Select(attrs={"class": "govuk-select"}),
        choices=(
            ("", _("All")), ("unattributed", _("Nobody: unattributed")), ("personal", _("Personal log-in")),
            ("class", _("Class log-in")), ("address", _("Device address")), ("proxy-auth", _("Proxy log-in")),
        ),
    )  # fmt: skip
    client = forms.GenericIPAddressField(label=_("Device address"), required=False, widget=_line())
    host = forms.CharField(label=_("Site, or a part of its name"), required=False, widget=_line())
    term = forms.CharField(label=_("Searched for"), required=False, widget=_line())
    action = forms.ChoiceField(
        label=_("Verdict"), required=False, widget=forms.Select(attrs={"class": "govuk-select"}),
        choices=(("", _("All")), ("block", _("Blocked")), ("warn", _("Warned")), ("allow", _("Allowed")), ("error", _("Error"))),
    )  # fmt: skip
    since = forms.DateTimeField(label=_("From"), required=False, widget=_line(type="datetime-local"))
    until = forms.DateTimeField(label=_("To"), required=False, widget=_line(type="datetime-local"))


class ExplainForm(forms.Form):
    """An address, for somebody."""

    url = forms.CharField(label=_("Address"), max_length=2000, widget=_line(autocomplete="off"))
    who = forms.CharField(
        label=_("For somebody"), required=False, widget=_line(autocomplete="off"),
        help_text=_("A log-in; empty: for the profile and group below."),
    )  # fmt: skip
    profile = forms.ChoiceField(label=_("For the profile"), widget=forms.Select(attrs={"class": "govuk-select"}))
    group = forms.CharField(label=_("In the group"), required=False, widget=_line())
    at = forms.DateTimeField(
        label=_("At"), required=False, help_text=_("Empty: now."), widget=_line(type="datetime-local")
    )

    says = forms.CharField(
        label=_("Words of the page"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 4}),
        help_text=_("To try out what a page is closed for; they are not kept."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["profile"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in profile_names()]
