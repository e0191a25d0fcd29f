"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("changed", models.DateTimeField(auto_now=True)),
                ("changed_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made", models.DateTimeField(auto_now_add=True)),
                ("made_by", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField()),
                ("snapshot", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
    ]
