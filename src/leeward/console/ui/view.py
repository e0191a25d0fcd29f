"""@view: every view names who may see it; nobody else learns more than "not for you"."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from leeward.console.people.models import Person
from leeward.console.people.roles import May

type View = Callable[..., HttpResponseBase]


def view(*, may: May | None) -> Callable[[View], View]:
    """Mark a view. `may` None: anybody, signed in or not (sign-in pages)."""

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
                    raise PermissionDenied
            return function(request, *args, **kwargs)

        run.may = may  # type: ignore[attr-defined]
        run.is_marked = True  # type: ignore[attr-defined]
        return run

    return wrap


def person_of(request: HttpRequest) -> Person:
    """Who is signed in. Raises PermissionDenied."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def is_verified(request: HttpRequest) -> bool:
    """Whether the second factor was given, where one is wanted (DfE-CS-5: all staff)."""
    from leeward.console.accounts.factors import is_second_factor_missing

    return not is_second_factor_missing(request)
