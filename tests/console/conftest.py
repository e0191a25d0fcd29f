"""The console's tests: a state folder of their own, people with roles, a compiled snapshot."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from leeward.console.people.models import Person
from leeward.policy import file as policy_file
from leeward.policy.compile import Entry, Index, Shelf, write

PASSWORD = "a quite long password"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """State of this test alone; pages without hashed file names."""
    monkeypatch.setattr(settings, "STATE", tmp_path)
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, state=str(tmp_path)))
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    monkeypatch.setattr(settings, "STORAGES", storages)
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    """Makes people."""

    def make(login: str, *roles: str, kind: str = "staff", **more: object) -> Person:
        made = Person(login=login, name=login.title(), kind=kind, roles=list(roles), profile="pupil", **more)
        made.set_password(PASSWORD)
        made.save()
        return made

    return make


@pytest.fixture
def signed_in(person: Callable[..., Person]) -> Callable[..., Client]:
    """A browser of somebody with these roles, both factors given."""

    def make(*roles: str, login: str = "") -> Client:
        from django_otp.plugins.otp_totp.models import TOTPDevice

        who = person(login or "-".join(roles) or "nobody", *roles)
        device = TOTPDevice.objects.create(user=who, confirmed=True)
        client = Client()
        client.force_login(who, backend="leeward.console.accounts.backend.LockingBackend")
        session = client.session
        session["otp_device_id"] = device.persistent_id
        session.save()
        return client

    return make


@pytest.fixture
def snapshot(state: Path) -> Shelf:
    """The starter policy, compiled and current."""
    index = Index()
    index.add(Entry("name", "play.test", "games", "made"))
    shelf = Shelf(state / "snapshots")
    shelf.publish(write(policy_file.starter(), index, [], shelf.folder))
    return shelf
