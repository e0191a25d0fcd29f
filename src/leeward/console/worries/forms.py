"""What somebody may tell."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_TEXT = {"class": "govuk-input", "autocomplete": "off"}


class WorryForm(forms.Form):
    """A worry. Few questions, and only one must be answered."""

    words = forms.CharField(
        label=_("What is the matter?"), max_length=4000, help_text=_("Write as you like. You are not in trouble."),
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 6}),
    )  # fmt: skip
    about = forms.CharField(
        label=_("Who is it about?"), required=False, max_length=200, help_text=_("You, a friend, somebody else. May stay empty."),
        widget=forms.TextInput(attrs=_TEXT),
    )  # fmt: skip
    danger = forms.ChoiceField(
        label=_("Is anybody in danger now?"), choices=[("no", _("No")), ("unsure", _("I am not sure")), ("now", _("Yes"))],
        initial="no", widget=forms.RadioSelect,
    )  # fmt: skip
    reader = forms.ChoiceField(
        label=_("Who shall read it?"), required=False, widget=forms.RadioSelect, initial="",
        choices=[("", _("The people who look after pupils' safety")), ("head", _("The head alone")), ("chair", _("Nobody who works here: the chair of governors"))],
    )  # fmt: skip
    named = forms.ChoiceField(
        label=_("May we know who you are?"), widget=forms.RadioSelect, initial="no",
        choices=[("no", _("No, nobody finds out")), ("yes", _("Yes"))],
    )  # fmt: skip
    says = forms.CharField(
        label=_("Your name, if we may know it"), required=False, max_length=200, widget=forms.TextInput(attrs=_TEXT)
    )

    def __init__(self, *args: Any, name: str = "", readers: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["reader"]
        choice.choices = [one for one in choice.choices if one[0] in ("", *readers)]  # type: ignore[attr-defined]
        if not readers:
            del self.fields["reader"]
        if name:
            self.fields["named"].choices = [  # type: ignore[attr-defined]
                ("no", _("No, nobody finds out")), ("yes", _("Yes, I am %(name)s") % {"name": name}),
            ]  # fmt: skip
            del self.fields["says"]


class MoreForm(forms.Form):
    """More words on a thread."""

    words = forms.CharField(
        label=_("What would you like to say?"), max_length=4000,
        widget=forms.Textarea(attrs={"class": "govuk-textarea", "rows": 4}),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code with which somebody comes back."""

    code = forms.CharField(label=_("Your code"), max_length=30, widget=forms.TextInput(attrs=_TEXT))
