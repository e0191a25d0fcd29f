"""The first tables."""

from django.db import migrations, models

import leeward.console.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("login", models.CharField(max_length=150, unique=True, verbose_name="log-in")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("pupil", "Pupil"), ("staff", "Member of staff"), ("class", "Class log-in")],
                        default="pupil",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=leeward.console.people.models.new_token, editable=False, max_length=32, unique=True
                    ),
                ),
                (
                    "source_id",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="identifier in the register"),
                ),
                ("profile", models.CharField(blank=True, default="", max_length=100, verbose_name="filtering profile")),
                ("groups", models.JSONField(blank=True, default=list, verbose_name="groups")),
                ("roles", models.JSONField(blank=True, default=list, verbose_name="roles")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("locked_until", models.DateTimeField(editable=False, null=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("name", "login"),
            },
        ),
    ]
