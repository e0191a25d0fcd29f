"""Alerts, what they are made of, who is told, and what a school does without."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leeward.console.people.models import Person

SEVERITIES = [(1, _("1, worth noting")), (2, _("2, watch")), (3, _("3, act today")), (4, _("4, act within the hour")),
              (5, _("5, act now"))]  # fmt: skip


class Alert(models.Model):
    """One concern about one person, device or site. Later hits join it."""

    class Status(models.TextChoices):
        """How far it has come."""

        NEW = "new", _("New")
        ACKNOWLEDGED = "acknowledged", _("Somebody is at it")
        SECOND = "second", _("Second opinion wanted")
        INCIDENT = "incident", _("Incident")
        NO_CONCERN = "no-concern", _("No concern")

    class Source(models.TextChoices):
        """Where it comes from."""

        FINDING = "finding", _("Found in text")
        DETECTOR = "detector", _("Pattern")
        BLOCK = "block", _("Illegal content blocked")
        WORRY = "worry", _("Somebody told us")

    OPEN = (Status.NEW, Status.ACKNOWLEDGED, Status.SECOND)

    key = models.CharField(max_length=200, db_index=True)
    who = models.CharField(max_length=120, db_index=True)  # token of a person, or device:ADDRESS, host:NAME
    is_staff = models.BooleanField(default=False)
    only = models.CharField(max_length=10, blank=True)  # head or chair: whoever told a worry chose its reader
    seat = models.CharField(max_length=20, blank=True)
    client = models.CharField(max_length=60, blank=True)
    group = models.CharField(max_length=100, blank=True, db_index=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.FINDING)
    theme = models.CharField(max_length=40, db_index=True)
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES)
    found_severity = models.PositiveSmallIntegerField(choices=SEVERITIES)  # before people graded it anew
    seeks_help = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    entries = models.TextField(blank=True)  # of the library that were found, each once
    hits = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)  # how often people were told anew
    opened = models.DateTimeField(db_index=True)
    last_hit = models.DateTimeField()
    updated = models.DateTimeField(auto_now=True, db_index=True)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.NEW, db_index=True)
    told_severity = models.PositiveSmallIntegerField(default=0)  # at which people were told last
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    acknowledged = models.DateTimeField(null=True)
    decided = models.DateTimeField(null=True, db_index=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)  # of who decided
    exclusion = models.ForeignKey("Exclusion", null=True, on_delete=models.SET_NULL, related_name="closed")

    class Meta:
        ordering = ("-severity", "-last_hit")
        # One concern has one open alert, however many write at once.
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=models.Q(status__in=("new", "acknowledged", "second")), name="one_open_alert"
            ),
        )
        indexes = (models.Index(fields=("status", "-severity", "-last_hit")),)

    def __str__(self) -> str:
        return f"{self.pk}: {self.theme} {self.severity}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.status in self.OPEN


class Hit(models.Model):
    """One finding or signal. `event` is the event's or the signal's own name: none is counted twice."""

    event = models.CharField(max_length=160, unique=True)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="rows")
    who = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField(db_index=True)
    theme = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES)
    score = models.FloatField(default=0.0)
    channel = models.CharField(max_length=10, blank=True)
    written = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True)
    excerpt = models.CharField(max_length=300, blank=True)
    around = models.TextField(blank=True)
    host = models.CharField(max_length=253, blank=True)
    path = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500)
    entries = models.CharField(max_length=500, blank=True)
    action = models.CharField(max_length=8, blank=True)
    seeks_help = models.BooleanField(default=False)
    detector = models.CharField(max_length=30, blank=True)
    weight = models.FloatField(default=0.0)
    half_life = models.FloatField(default=0.0)
    people = models.JSONField(default=list)
    excluded = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("who", "-at")),)

    def __str__(self) -> str:
        return f"{self.theme} {self.severity}"


class Opinion(models.Model):
    """What one person makes of an alert, before they see what others made of it (requirements M07)."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="opinions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    is_concern = models.BooleanField()
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES)
    words = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "person"), name="one_opinion"),)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.is_concern}"


class Contact(models.Model):
    """How somebody is reached, and what a limited contact is limited to."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="contact")
    mail = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone for text messages"), max_length=30, blank=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)

    def __str__(self) -> str:
        return self.person.name


class PushDevice(models.Model):
    """A browser that somebody wants to be told at (Web Push, RFC 8030)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    endpoint = models.URLField(max_length=500, unique=True)
    key = models.CharField(max_length=200)
    secret = models.CharField(max_length=100)
    added = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.endpoint


class Conflict(models.Model):
    """Somebody who must not learn of concerns about a person: a parent on the staff, a subject's line (T5)."""

    about = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("about", "staff"), name="one_conflict"),)

    def __str__(self) -> str:
        return self.why


class Route(models.Model):
    """Who is told of which alerts, in which order; the first route that fits counts."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    place = models.PositiveSmallIntegerField(default=0)
    themes = models.JSONField(_("themes"), default=list, blank=True)
    groups = models.JSONField(_("groups"), default=list, blank=True)
    severity_from = models.PositiveSmallIntegerField(_("from severity"), choices=SEVERITIES, default=3)
    severity_to = models.PositiveSmallIntegerField(_("to severity"), choices=SEVERITIES, default=5)
    hours = models.CharField(
        _("hours"), max_length=8, default="any",
        choices=[("any", _("at any time")), ("school", _("in school hours")), ("outside", _("outside school hours"))],
    )  # fmt: skip
    days = models.CharField(
        _("days"), max_length=8, default="any",
        choices=[("any", _("all year")), ("term", _("in term")), ("holiday", _("in the holidays"))],
    )  # fmt: skip
    people = models.JSONField(_("who is told, in this order"), default=list)  # role:NAME or login
    ways = models.JSONField(_("how"), default=list)  # mail, push, sms, webhook
    minutes = models.PositiveSmallIntegerField(_("minutes until the next one is told"), default=15)

    class Meta:
        ordering = ("place", "id")

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A stretch of days on which the school is open."""

    name = models.CharField(_("name"), max_length=60)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))

    class Meta:
        ordering = ("first",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One word to one person by one way; kept until it arrived."""

    key = models.CharField(max_length=120, unique=True)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, default="alert")  # alert, digest, weekly, test
    step = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(db_index=True)
    made = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True, db_index=True)
    dropped = models.BooleanField(default=False)  # no longer needed: somebody was quicker
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("sent", "dropped", "due")),)

    def __str__(self) -> str:
        return self.key


class Exclusion(models.Model):
    """An entry of the library that this school does without, and why (requirements M08)."""

    entry = models.CharField(max_length=120, db_index=True)
    group = models.CharField(_("only for this group"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.entry


class Addition(models.Model):
    """An entry that the school looks for besides the shipped library."""

    name = models.SlugField(_("short name"), max_length=60, unique=True)
    theme = models.CharField(_("theme"), max_length=40)
    meaning = models.CharField(_("what it means"), max_length=300)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=SEVERITIES, default=3)
    phrases = models.JSONField(_("phrases"), default=list)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("theme", "name")

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """When the school is open, and when people get what can wait. One row."""

    opens = models.TimeField(_("school begins"), default="08:00")
    closes = models.TimeField(_("school ends"), default="16:00")
    digest_at = models.TimeField(_("digest of what can wait, at"), default="07:30")
    weekly_on = models.PositiveSmallIntegerField(_("weekly report, on"), default=0)  # 0 is Monday

    def __str__(self) -> str:
        return f"{self.opens}-{self.closes}"
