"""What is looked up."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookUpForm(forms.Form):
    """A host or an address."""

    name = forms.CharField(
        label=_("Site or address"), max_length=2000, help_text=_("For example games.example or https://example.org/page"),
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
