"""A sighting, in half a minute."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.queries import one_pupil
from leeward.console.phones.models import Sighting

_TEXT = {"class": "govuk-input"}


class SightingForm(forms.Form):
    """Who, where, what came of it."""

    who = forms.CharField(
        label=_("Pupil's name or log-in"), max_length=200, widget=forms.TextInput(attrs=_TEXT | {"autocomplete": "off"})
    )
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=forms.TextInput(attrs=_TEXT))
    outcome = forms.ChoiceField(
        label=_("What came of asking"), choices=Sighting.Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a few words"), max_length=300, required=False, widget=forms.TextInput(attrs=_TEXT)
    )

    def clean_who(self) -> Person:
        """The one active pupil who is meant."""
        found = one_pupil(self.cleaned_data["who"])
        if found is None:
            raise forms.ValidationError(_("No pupil, or more than one, is known by this name. Use the log-in."))
        return found

    def sighting(self) -> Sighting:
        """Now."""
        data = self.cleaned_data
        return Sighting(
            pupil=data["who"], at=timezone.now(), place=data["place"], outcome=data["outcome"], words=data["words"]
        )
