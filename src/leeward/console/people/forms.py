"""Forms about people."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person
from leeward.console.people.roles import TITLES, can_manage
from leeward.console.rules.queries import profile_names

_INPUT = {"class": "govuk-input"}


if TYPE_CHECKING:
    PersonModelForm = forms.ModelForm[Person]
else:
    PersonModelForm = forms.ModelForm  # generic only to the type checker


class PersonForm(PersonModelForm):
    """One person."""

    roles = forms.MultipleChoiceField(
        label=_("Roles in the console"), required=False, choices=TITLES.items(), widget=forms.CheckboxSelectMultiple
    )
    groups = forms.CharField(
        label=_("Groups"),
        required=False,
        help_text=_("Year first, separated by commas: Y7, 7A"),
        widget=forms.TextInput(attrs=_INPUT),
    )
    profile = forms.ChoiceField(label=_("Filtering profile"), widget=forms.Select(attrs={"class": "govuk-select"}))
    password = forms.CharField(
        label=_("New password"), required=False, strip=False, help_text=_("Leave empty to keep the password as it is."),
        widget=forms.PasswordInput(attrs={**_INPUT, "autocomplete": "new-password"}),
    )  # fmt: skip

    class Meta:
        model = Person
        fields = ("login", "name", "kind", "groups", "profile", "roles", "is_active")
        widgets = {
            "login": forms.TextInput(attrs=_INPUT),
            "name": forms.TextInput(attrs=_INPUT),
            "kind": forms.Select(attrs={"class": "govuk-select"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        actor: Person = kwargs.pop("actor")
        super().__init__(*args, **kwargs)
        roles = self.fields["roles"]
        if isinstance(roles, forms.MultipleChoiceField):
            mine = set(self.instance.roles)
            roles.choices = [(n, title) for n, title in TITLES.items() if n in mine or can_manage(actor.roles, [n])]
        field = self.fields["profile"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, name) for name in profile_names()]
        self.initial["groups"] = ", ".join(self.instance.groups or ())

    def clean_groups(self) -> list[str]:
        """Groups as a list."""
        return [part.strip() for part in self.cleaned_data["groups"].split(",") if part.strip()]

    def clean_login(self) -> str:
        """Log-ins are told apart whatever the case."""
        login: str = self.cleaned_data["login"].strip().casefold()
        if Person.objects.filter(login=login).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This log-in is taken."))
        return login

    def clean_password(self) -> str:
        """Strong enough, if given."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.instance)
        return password


class UploadForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label=_("CSV file, or a OneRoster zip"),
        widget=forms.FileInput(attrs={"class": "govuk-file-upload", "accept": ".csv,.zip"}),
    )
    leavers = forms.BooleanField(
        label=_("Pupils who are not in the file have left: make them inactive"), required=False
    )
