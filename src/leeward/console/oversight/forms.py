"""What a reader makes of a sample."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutcomeForm(forms.Form):
    """The outcome of one item."""

    outcome = forms.ChoiceField(
        choices=[("in-order", _("In order")), ("ask", _("To be asked about")), ("concern", _("A concern"))]
    )
    words = forms.CharField(required=False, max_length=500)


class DayForm(forms.Form):
    """The day of which a sample is drawn."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"class": "govuk-input", "type": "date"}, format="%Y-%m-%d")
    )

    def clean_day(self) -> object:
        """A day that has been."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day
