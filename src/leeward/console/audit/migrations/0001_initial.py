"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("actor", models.CharField(max_length=200)),
                ("actor_token", models.CharField(db_index=True, max_length=32)),
                ("action", models.CharField(db_index=True, max_length=60)),
                ("is_read", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "audit entry",
                "ordering": ("-at", "-id"),
            },
        ),
    ]
