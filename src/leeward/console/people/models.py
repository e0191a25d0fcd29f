"""Person: anybody who signs in, at a device or at the console."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.roles import May, permissions_of
from leeward.identity.subjects import make_subject
from leeward.policy.model import Subject


def new_token() -> str:
    """A random name for events: dropping it makes the past anonymous."""
    return secrets.token_hex(8)


check_login = RegexValidator(
    r"\A(?!\.{1,2}\Z)[^\s/\\?#%\x00-\x1f]+\Z",
    _("A log-in has no spaces, slashes, question marks, hashes or per cent signs."),
)


class PersonManager(BaseUserManager["Person"]):
    """Finds people by log-in, whatever the case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with a log-in."""
        return self.get(login=(username or "").strip().casefold())


class Person(AbstractBaseUser):
    """A pupil, a member of staff, or a class log-in (requirements T2, N06)."""

    class Kind(models.TextChoices):
        """What kind of log-in it is."""

        PUPIL = "pupil", _("Pupil")
        STAFF = "staff", _("Member of staff")
        CLASS = "class", _("Class log-in")

    login = models.CharField(_("log-in"), max_length=150, unique=True, validators=[check_login])
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PUPIL)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    source_id = models.CharField(_("identifier in the register"), max_length=100, blank=True, default="")
    profile = models.CharField(_("filtering profile"), max_length=100, blank=True, default="")
    groups = models.JSONField(_("groups"), default=list, blank=True)
    roles = models.JSONField(_("roles"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, editable=False)
    # Guesses at devices are counted apart: a pupil who types wrong passwords there locks nobody out of the console.
    device_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    device_locked_until = models.DateTimeField(null=True, editable=False)
    # Somebody else chose the password, so its owner chooses another one before anything else.
    password_is_given = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "login"

    class Meta:
        ordering = ("name", "login")

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> str:
        """The role in rules: staff or pupil."""
        return "staff" if self.kind == self.Kind.STAFF else "pupil"

    def subject(self) -> Subject:
        """The person as rules see them after signing in at a device."""
        return make_subject(profile=self.profile, person=self.token, groups=self.groups, role=self.role)

    def may(self, permission: May) -> bool:
        """Whether any of the person's roles allows it."""
        return self.is_active and permission in permissions_of(self.roles)
