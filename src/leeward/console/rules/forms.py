"""The rule editor: who x what x where x when -> action."""

import datetime as dt
import hashlib
from typing import Any

import msgspec
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leeward.console.rules.queries import profile_names
from leeward.policy import taxonomy
from leeward.policy.model import WEEKDAYS, Profile, Rule, When
from leeward.text.packs import themes as theme_library

_DAYS = dict(
    zip(
        WEEKDAYS,
        (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")),
        strict=True,
    )
)
_SEVERITIES = (
    ("", _("Any severity")), (1, _("1: worth noting")), (2, _("2: keep an eye")), (3, _("3: look today")),
    (4, _("4: act today")), (5, _("5: act now")),
)  # fmt: skip


def _line(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "govuk-input", **more})


def _list(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=hint, widget=_line())


class RuleForm(forms.Form):
    """One rule."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    id = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,60}$",
        label=_("Short name"),
        help_text=_("Small letters, digits and dashes."),
        widget=_line(),
    )
    tier = forms.ChoiceField(
        label=_("Authority"), choices=(("profile", _("Rule of the profile")), ("lesson", _("Lesson")), ("temporary", _("Temporary opening"))),
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    profiles = forms.MultipleChoiceField(
        label=_("For these profiles"),
        required=False,
        help_text=_("None ticked: everybody."),
        widget=forms.CheckboxSelectMultiple,
    )
    groups = _list(_("For these groups"), _("Separated by commas; empty: everybody."))
    roles = _list(_("For these roles"), _("pupil, staff or guest; empty: all."))
    sites = _list(_("In these places"), _("Sites of leeward.toml, such as library; empty: everywhere."))
    devices = _list(_("On these classes of device"), _("As leeward.toml names them, such as chromebook; empty: all."))
    categories = forms.MultipleChoiceField(
        label=_("These categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hosts = _list(
        _("These addresses"), _("Separated by commas: example.org, example.org/page, =www.example.org, or * for all.")
    )
    terms = _list(_("These words in a search"), _("Separated by commas."))
    file_types = _list(_("These types of file"), _("Endings without the dot: exe, zip, apk."))
    themes = forms.MultipleChoiceField(
        label=_("Where the text speaks of"),
        required=False,
        help_text=_("A rule with themes or a severity decides about text alone, once it was read."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(theme.id, theme.title) for theme in theme_library().values()],
    )
    severity = forms.TypedChoiceField(
        label=_("And is this severe"), required=False, coerce=int, empty_value=None, choices=_SEVERITIES,
        help_text=_("Blocking: from here on. Allowing: up to here."), widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        label=_("On these days"), required=False, choices=tuple(_DAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    start = forms.TimeField(label=_("From"), required=False, widget=_line(type="time"))
    end = forms.TimeField(label=_("To"), required=False, widget=_line(type="time"))
    until = forms.DateTimeField(
        label=_("Ends for good at"),
        required=False,
        help_text=_("A temporary opening needs an end."),
        widget=_line(type="datetime-local"),
    )
    action = forms.ChoiceField(
        label=_("Then"), choices=(("block", _("Block")), ("warn", _("Warn, and let continue")), ("allow", _("Allow")), ("", _("Only change how it is treated"))),
        required=False, widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    inspect = forms.ChoiceField(
        label=_("Look into HTTPS"), choices=(("", _("As the profile says")), ("yes", _("Yes")), ("no", _("No: keep it private"))),
        required=False, widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    safe_search = forms.ChoiceField(
        label=_("Safe search"), choices=(("", _("As the profile says")), ("yes", _("Locked")), ("no", _("Not locked"))),
        required=False, widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("Shown on the page, in words that a child understands."),
        widget=_line(),
    )
    owner = forms.CharField(label=_("Who answers for it"), required=False, max_length=100, widget=_line())
    source = forms.CharField(label=_("Clause of the school's policy"), required=False, max_length=200, widget=_line())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profiles, categories = self.fields["profiles"], self.fields["categories"]
        if isinstance(profiles, forms.MultipleChoiceField) and isinstance(categories, forms.MultipleChoiceField):
            profiles.choices = [(name, name) for name in profile_names()]
            categories.choices = [(item.id, item.title) for item in taxonomy.categories().values() if not item.sealed]

    def clean(self) -> dict[str, Any]:
        """An opening must end."""
        data = super().clean() or {}
        if (data.get("themes") or data.get("severity")) and data.get("action") not in ("allow", "block"):
            self.add_error("action", _("A rule about what a text says can allow or block, nothing else."))
        if data.get("tier") == "temporary" and not data.get("until"):
            self.add_error("until", _("A temporary opening needs an end."))
        if data.get("until") and data["until"] < timezone.now():
            self.add_error("until", _("This moment is over: the rule would never act."))
        clients = settings.CONFIG.clients
        self._known(data, "roles", {"pupil", "staff", "guest", *(item.role for item in clients)})
        self._known(data, "sites", {item.site for item in clients})
        self._known(data, "devices", {item.device_class for item in clients})
        return data

    def _known(self, data: dict[str, Any], name: str, known: set[str]) -> None:
        """A rule for something that is nowhere would never act, and nobody would notice."""
        if unknown := sorted(set(_split(data.get(name, ""))) - known):
            there = ", ".join(sorted(known - {""})) or _("none")
            self.add_error(
                name, _("%(what)s is not known. There is: %(there)s.") % {"what": ", ".join(unknown), "there": there}
            )

    def rule(self, before: Rule | None = None) -> Rule:
        """The rule that the form describes; what the form has no field for stays as it was."""
        data = self.cleaned_data
        until: dt.datetime | None = data["until"]
        window = When(days=tuple(data["days"]), start=data["start"], end=data["end"], until=until)
        rest = before.when[1:] if before else ()
        first = before.when[0] if before and before.when else When()
        window = msgspec.structs.replace(
            first, days=window.days, start=window.start, end=window.end, until=window.until
        )
        return msgspec.structs.replace(
            before or Rule(id=data["id"]), id=data["id"], tier=data["tier"], profiles=tuple(data["profiles"]), groups=_split(data["groups"]),
            categories=_as_before(data["categories"], before), hosts=_split(data["hosts"]), terms=_split(data["terms"]),
            when=((window,) if window != When() else ()) + rest, action=data["action"] or None,
            roles=_split(data["roles"]), sites=_split(data["sites"]), devices=_split(data["devices"]),
            themes=tuple(data["themes"]), severity=data["severity"],
            file_types=tuple(kind.lstrip(".").lower() for kind in _split(data["file_types"])),
            inspect=_YES_NO.get(data["inspect"]), safe_search=_YES_NO.get(data["safe_search"]), reason=data["reason"], owner=data["owner"], source=data["source"],
        )  # fmt: skip


class ProfileForm(forms.Form):
    """What holds for people of a profile where no rule decides."""

    name = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,40}$",
        label=_("Short name"),
        help_text=_("Small letters, digits and dashes."),
        widget=_line(),
    )
    action = forms.ChoiceField(
        label=_("Where no rule decides"), choices=(("allow", _("Allow")), ("warn", _("Warn, and let continue")), ("block", _("Block"))),
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("The block page speaks to"), choices=(("child", _("Children")), ("teen", _("Teenagers")), ("adult", _("Adults"))),
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    inspect = forms.BooleanField(label=_("Look into HTTPS"), required=False, initial=True)
    safe_search = forms.BooleanField(label=_("Lock safe search"), required=False, initial=True)
    scan = forms.BooleanField(label=_("Scan pages and what is sent"), required=False, initial=True)
    block_from = forms.TypedChoiceField(
        label=_("Block pages and searches whose text is this severe"), coerce=int, initial=4,
        choices=[(0, _("None: only tell the safeguarding lead")), *_SEVERITIES[1:]],
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )  # fmt: skip
    log_level = forms.IntegerField(
        label=_("Log from level"), min_value=1, max_value=5, initial=3, widget=_line(type="number"),
        help_text=_("1 keeps every image and script, 3 pages, 5 only what needs an eye."),
    )  # fmt: skip

    def profile(self) -> Profile:
        """The profile that the form describes."""
        return Profile(**self.cleaned_data)


class SchoolForm(forms.Form):
    """What block pages say of the school, and who gets which profile by default."""

    school = forms.CharField(label=_("The school's name"), max_length=200, widget=_line())
    contact = forms.CharField(
        label=_("Whom to ask"), required=False, max_length=200, help_text=_("Shown on block pages."), widget=_line()
    )
    default_profile = forms.ChoiceField(
        label=_("Profile of people who have none"), widget=forms.Select(attrs={"class": "govuk-select"})
    )
    strictest_profile = forms.ChoiceField(
        label=_("Profile where nobody is known"), widget=forms.Select(attrs={"class": "govuk-select"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("default_profile", "strictest_profile"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(profile, profile) for profile in profile_names()]


def initial_of(rule: Rule) -> dict[str, Any]:
    """A rule as the form's values."""
    window = rule.when[0] if rule.when else When()
    return {
        "seen": mark_of(rule), "id": rule.id, "tier": rule.tier, "profiles": rule.profiles, "groups": ", ".join(rule.groups),
        "categories": rule.categories, "hosts": ", ".join(rule.hosts), "terms": ", ".join(rule.terms),
        "days": window.days, "start": window.start, "end": window.end, "until": window.until, "action": rule.action or "",
        "inspect": _said(rule.inspect), "safe_search": _said(rule.safe_search),
        "roles": ", ".join(rule.roles), "sites": ", ".join(rule.sites), "devices": ", ".join(rule.devices),
        "file_types": ", ".join(rule.file_types), "themes": rule.themes, "severity": rule.severity or "",
        "reason": rule.reason, "owner": rule.owner, "source": rule.source,
    }  # fmt: skip


def mark_of(rule: Rule) -> str:
    """Tells one state of a rule from another."""
    return hashlib.sha256(msgspec.json.encode(rule)).hexdigest()[:16]


_YES_NO = {"yes": True, "no": False}


def _said(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _as_before(chosen: list[str], before: Rule | None) -> tuple[str, ...]:
    """The chosen categories in the rule's own order, new ones at the end; those that the form doesn't offer stay."""
    offered = {item.id for item in taxonomy.categories().values() if not item.sealed}
    old = before.categories if before else ()
    kept = [name for name in old if name in chosen or name not in offered]
    return (*kept, *(name for name in chosen if name not in kept))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
