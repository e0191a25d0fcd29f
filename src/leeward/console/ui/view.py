"""@view: every view names who may see it; nobody else learns more than "not for you"."""

import functools
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from leeward.console.people.models import Person
from leeward.console.people.roles import May

_STAY_SECONDS = 60.0

type View = Callable[..., HttpResponseBase]


def view(*, may: May | None, with_given_password: bool = False) -> Callable[[View], View]:
    """Mark a view. `may` None: anybody, signed in or not (sign-in pages).

    `with_given_password`: also for somebody who has yet to choose a password of their own.
    """

    def wrap(function: View) -> View:
        @functools.wraps(function)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if may is not None:
                user = request.user
                if not isinstance(user, Person):
                    return redirect_to_login(request.get_full_path())
                if not is_verified(request):
                    return redirect_to_login(request.get_full_path(), "accounts:verify")
                if not user.may(may):
                    _note_refusal(request, user)
                    raise PermissionDenied
                if user.password_is_given and not with_given_password:
                    return redirect("accounts:password")
                _stay(request)
            return _not_kept(request, function(request, *args, **kwargs))

        run.may = may  # type: ignore[attr-defined]
        run.is_marked = True  # type: ignore[attr-defined]
        return run

    return wrap


def _stay(request: HttpRequest) -> None:
    """Whoever does something stays signed in; a page that renews itself is nobody doing something."""
    now = time.time()
    # Written once a minute: a page must not wait for whoever writes to the database just now.
    if "HX-Request" not in request.headers and now - request.session.get("stayed", 0.0) > _STAY_SECONDS:
        request.session["stayed"] = now


def _not_kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What somebody who is signed in has seen is not there for whoever uses the browser next."""
    if request.user.is_authenticated and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    return response


def _note_refusal(request: HttpRequest, user: Person) -> None:
    from leeward.console.audit.action import write

    match = request.resolver_match
    write(user, "page.refused", subject=match.view_name if match else "")


def person_of(request: HttpRequest) -> Person:
    """Who is signed in. Raises PermissionDenied."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def is_verified(request: HttpRequest) -> bool:
    """Whether the second factor was given, where one is wanted (DfE-CS-5: all staff)."""
    from leeward.console.accounts.factors import is_second_factor_missing

    return not is_second_factor_missing(request)
