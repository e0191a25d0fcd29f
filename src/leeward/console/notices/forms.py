"""The words of a notice."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoticeForm(forms.Form):
    """A new version."""

    audience = forms.ChoiceField(
        label=_("For"),
        choices=[("pupil", _("Pupils")), ("staff", _("Staff"))],
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )
    words = forms.CharField(
        label=_("What they read before they are signed in"), max_length=6000, min_length=40,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 8}),
    )  # fmt: skip
