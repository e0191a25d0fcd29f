"""Who sits at a seat."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.queries import one_pupil
from leeward.console.presence.actions import Place


class SeatForm(forms.Form):
    """A pupil by log-in or name, at a device with a seat."""

    client = forms.GenericIPAddressField(label=_("Device"), widget=forms.HiddenInput)
    seat = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    who = forms.CharField(label=_("Pupil's name or log-in"), max_length=200)

    def clean_who(self) -> Person:
        """The one active pupil who is meant."""
        found = one_pupil(self.cleaned_data["who"])
        if found is None:
            raise forms.ValidationError(_("No pupil, or more than one, is known by this name. Use the log-in."))
        return found

    def place(self) -> Place:
        """The device and its seat."""
        return Place(self.cleaned_data["client"], self.cleaned_data["seat"])
