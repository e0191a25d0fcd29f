"""What people may say about alerts."""

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from leeward.console.alerts.actions import REASONS
from leeward.console.alerts.models import SEVERITIES, Addition, Contact, Exclusion, Hit, Hours, Route
from leeward.console.people.models import Person
from leeward.console.people.roles import ROLES, TITLES, May
from leeward.text.packs import library_file, own_packs, themes

# Generic for the type checker alone: Django's own form takes no type.
if TYPE_CHECKING:
    _Form = forms.ModelForm
else:

    class _Form(forms.ModelForm):
        """Takes a type, and does nothing with it."""

        def __class_getitem__(cls, _model: object) -> type:
            return cls


_TEXT = {"class": "govuk-input"}
_SELECT = {"class": "govuk-select"}
_AREA = {"class": "govuk-textarea", "rows": 3}
_WAYS = [("mail", _("E-mail")), ("push", _("In the browser (Web Push)")), ("sms", _("Text message")),
         ("webhook", _("Another system (webhook)"))]  # fmt: skip


def _words(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=2000, widget=forms.Textarea(attrs=_AREA)
    )


class CommaList(forms.CharField):
    """Words between commas, as a list."""

    widget = forms.TextInput(attrs=_TEXT)

    def prepare_value(self, value: Any) -> Any:
        """A list as people write it."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """A list of what is not empty."""
        text = super().to_python(value) or ""
        return [part.strip() for part in text.split(",") if part.strip()]


class NoConcernForm(forms.Form):
    """No concern needs its reason (requirements M08)."""

    reason = forms.ChoiceField(
        label=_("Why is it no concern?"), choices=[("", _("Choose a reason")), *((k, _(v)) for k, v in REASONS.items())],
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip
    words = _words(_("In your own words"), hint=_("May stay empty."))


class ConcernForm(forms.Form):
    """A concern becomes an incident."""

    words = _words(_("What you know and what is done first"), hint=_("May stay empty."))


class GradeForm(forms.Form):
    """Another severity."""

    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=SEVERITIES, coerce=int, widget=forms.Select(attrs=_SELECT)
    )


class OpinionForm(GradeForm):
    """What a second reader makes of it."""

    is_concern = forms.TypedChoiceField(
        label=_("Is it a concern?"), choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = _words(_("Why"))


class ConflictForm(forms.Form):
    """Why somebody must not know of a concern."""

    why = forms.CharField(
        label=_("Why must you not deal with concerns about this person?"), max_length=300,
        help_text=_("For example: I am the pupil's parent."), widget=forms.TextInput(attrs=_TEXT),
    )  # fmt: skip


class RouteForm(_Form[Route]):
    """A route."""

    themes = forms.MultipleChoiceField(
        label=_("For these themes"), required=False, help_text=_("None ticked: all."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    groups = CommaList(label=_("For these groups"), required=False, help_text=_("Separated by commas; empty: all."))
    people = CommaList(
        label=_("Who is told, in this order"),
        help_text=_("Log-ins, or roles as role:dsl, role:deputy-dsl, role:coordinator, role:safeguarding-contact, "
                    "role:head. After them the lead, the deputy and the head are told in any case."),
    )  # fmt: skip
    ways = forms.MultipleChoiceField(label=_("How"), choices=_WAYS, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Route
        fields = ("name", "themes", "groups", "severity_from", "severity_to", "hours", "days", "people", "ways",
                  "minutes")  # fmt: skip
        widgets = {
            "name": forms.TextInput(attrs=_TEXT), "minutes": forms.NumberInput(attrs=_TEXT | {"min": 1}),
            **dict.fromkeys(("severity_from", "severity_to", "hours", "days"), forms.Select(attrs=_SELECT)),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, theme.title) for name, theme in themes().items()]
        self.fields["themes"].choices = [*choices, ("illegal", _("Illegal content")), ("worry", _("Worries"))]  # type: ignore[attr-defined]

    def clean_people(self) -> list[str]:
        """Roles and log-ins that there are, of people who may see alerts."""
        names: list[str] = self.cleaned_data["people"]
        for name in names:
            role = name.removeprefix("role:")
            if name.startswith("role:"):
                if role not in TITLES:
                    raise forms.ValidationError(_("There is no role %(role)s."), params={"role": role})
                if May.SEE_ALERTS not in ROLES[role]:
                    raise forms.ValidationError(_("%(role)s may not see alerts."), params={"role": TITLES[role]})
                continue
            person = Person.objects.filter(login=name.casefold(), is_active=True).first()
            if person is None or not person.may(May.SEE_ALERTS):
                raise forms.ValidationError(_("%(name)s is nobody who may see alerts."), params={"name": name})
        return [name if name.startswith("role:") else name.casefold() for name in names]

    def clean(self) -> dict[str, Any]:
        """From a severity to one that is not below it."""
        data = super().clean() or {}
        if (data.get("severity_from") or 1) > (data.get("severity_to") or 5):
            self.add_error("severity_to", _("It is below the severity from which the route holds."))
        return data


class ContactForm(_Form[Contact]):
    """How somebody is reached."""

    groups = CommaList(
        label=_("Only these groups"), required=False,
        help_text=_("For somebody who is a safeguarding contact of some groups only, such as a head of year."),
    )  # fmt: skip

    class Meta:
        model = Contact
        fields = ("mail", "phone", "groups", "away_until")
        widgets = {
            "mail": forms.EmailInput(attrs=_TEXT), "phone": forms.TextInput(attrs=_TEXT),
            "away_until": forms.DateInput(attrs=_TEXT | {"type": "date"}, format="%Y-%m-%d"),
        }  # fmt: skip


class HoursForm(_Form[Hours]):
    """School hours, terms, and when what can wait is sent."""

    terms = forms.CharField(
        label=_("Terms"), required=False, widget=forms.Textarea(attrs=_AREA),
        help_text=_("One a line: name, first day, last day. For example: Autumn 1, 2026-09-03, 2026-10-23. "
                    "Without terms every weekday counts as one."),
    )  # fmt: skip
    weekly_on = forms.TypedChoiceField(
        label=_("Weekly report, on"), coerce=int, widget=forms.Select(attrs=_SELECT),
        choices=list(enumerate((_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")))),
    )  # fmt: skip

    class Meta:
        model = Hours
        fields = ("opens", "closes", "digest_at", "weekly_on")
        widgets = dict.fromkeys(("opens", "closes", "digest_at"), forms.TimeInput(attrs=_TEXT | {"type": "time"}))

    def clean_terms(self) -> list[tuple[str, dt.date, dt.date]]:
        """Names with their first and last days."""
        out = []
        for number, line in enumerate(self.cleaned_data["terms"].splitlines(), 1):
            if not line.strip():
                continue
            try:
                name, first, last = (part.strip() for part in line.rsplit(",", 2))
                days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            except ValueError:
                raise forms.ValidationError(
                    _("Line %(n)s: write a name, the first day and the last day as 2026-09-03."), params={"n": number}
                ) from None
            if days[0] > days[1]:
                raise forms.ValidationError(_("Line %(n)s ends before it begins."), params={"n": number})
            out.append((name[:60], *days))
        return out

    def clean(self) -> dict[str, Any]:
        """School ends after it begins."""
        data = super().clean() or {}
        if data.get("opens") and data.get("closes") and data["opens"] >= data["closes"]:
            self.add_error("closes", _("School ends before it begins."))
        return data


@lru_cache(maxsize=2)
def _known_entries(_packs: str) -> frozenset[str]:
    return frozenset(entry.key for entry in own_packs())


class ExclusionForm(_Form[Exclusion]):
    """What the school does without, and why."""

    class Meta:
        model = Exclusion
        fields = ("entry", "group", "reason")
        widgets = {
            "entry": forms.TextInput(attrs=_TEXT), "group": forms.TextInput(attrs=_TEXT),
            "reason": forms.TextInput(attrs=_TEXT | {"required": True}),
        }  # fmt: skip
        labels = {"entry": _("Entry of the library")}

    def clean_entry(self) -> str:
        """One that there is."""
        entry: str = self.cleaned_data["entry"].strip()
        if entry not in _known_entries(str(library_file("packs"))) and not Hit.objects.filter(entries=entry).exists():
            raise forms.ValidationError(_("The library has no such entry. Its name stands on the page of an alert."))
        return entry

    def clean_group(self) -> str:
        """One that there is, as it is written there; empty for everybody."""
        group: str = self.cleaned_data["group"].strip()
        held = Person.objects.values_list("groups", flat=True)
        known: dict[str, str] = {one.casefold(): one for groups in held for one in groups or ()}
        if group and group.casefold() not in known:
            raise forms.ValidationError(_("Nobody is in a group of this name."))
        return known.get(group.casefold(), "")

    def clean_reason(self) -> str:
        """A reason is more than a word."""
        reason: str = self.cleaned_data["reason"].strip()
        if len(reason) < 8:
            raise forms.ValidationError(_("Say in a few words why: it is read when the library is reviewed."))
        return reason


class AdditionForm(_Form[Addition]):
    """An entry of the school's own."""

    theme = forms.ChoiceField(label=_("Theme"), widget=forms.Select(attrs=_SELECT))
    phrases = forms.CharField(
        label=_("Phrases"), help_text=_("One a line, at least two letters each. See the phrases reference for brackets."),
        widget=forms.Textarea(attrs=_AREA),
    )  # fmt: skip

    class Meta:
        model = Addition
        fields = ("name", "theme", "meaning", "severity", "phrases")
        widgets = {
            "name": forms.TextInput(attrs=_TEXT), "meaning": forms.TextInput(attrs=_TEXT),
            "severity": forms.Select(attrs=_SELECT),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [(name, theme.title) for name, theme in themes().items()]  # type: ignore[attr-defined]

    def clean_phrases(self) -> list[str]:
        """The lines that are not empty."""
        found = [line.strip() for line in self.cleaned_data["phrases"].splitlines() if line.strip()]
        if not found or any(len(line) < 2 or len(line) > 200 for line in found) or len(found) > 200:
            raise forms.ValidationError(_("Write 1 to 200 phrases of 2 to 200 letters, one a line."))
        return found


# The services of the browsers that there are; the server sends to nobody else.
_PUSH_HOSTS = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")


class PushForm(forms.Form):
    """What a browser says when it wants to be told."""

    endpoint = forms.URLField(max_length=500, assume_scheme="https")
    key = forms.RegexField(r"^[A-Za-z0-9_-]{80,200}$")
    secret = forms.RegexField(r"^[A-Za-z0-9_-]{16,60}$")

    def clean_endpoint(self) -> str:
        """Browsers' services are reached by HTTPS."""
        endpoint: str = self.cleaned_data["endpoint"]
        where = urlsplit(endpoint)
        host = (where.hostname or "").lower()
        known = any(host == one or host.endswith(f".{one}") for one in _PUSH_HOSTS)
        if where.scheme != "https" or not known or where.port not in (None, 443):
            raise forms.ValidationError("no service of a browser")
        return endpoint
