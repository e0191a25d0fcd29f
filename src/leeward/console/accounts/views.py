"""Pages of signing in."""

import hashlib
import secrets

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import devices_for_user
from django_otp import login as otp_login
from django_otp.models import VerifyNotAllowed
from django_otp.plugins.otp_totp.models import TOTPDevice

from leeward.console.accounts import actions, factors, passkeys
from leeward.console.accounts.forms import Code, DeviceSignIn, NewPassword, SignIn
from leeward.console.audit.action import write
from leeward.console.notices import actions as notices
from leeward.console.notices.models import Notice
from leeward.console.people.models import Person
from leeward.console.people.roles import TITLES, May
from leeward.console.ui.view import person_of, view

_NOTICE_SALT = "leeward.notice"
_NOTICE_SECONDS = 900


@view(may=None)
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """The console's door: people with a role only."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, username=form.cleaned_data["login"], password=form.cleaned_data["password"])
        if isinstance(person, Person) and person.may(May.SIGN_IN):
            login(request, person)
            waits = factors.is_wanted(person)
            write(person, "account.sign-in", subject=person.login, detail={"second_factor": "not yet"} if waits else {})
            return HttpResponseRedirect(_next(request))
        form.add_error(
            None, _("The log-in or the password is wrong. After ten wrong guesses it is locked for 15 minutes.")
        )
    return render(request, "accounts/sign_in.html", {"form": form}, status=200 if request.method == "GET" else 401)


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    good = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if good else "/"


@view(may=None)
def verify(request: HttpRequest) -> HttpResponse:
    """The second factor: given, or set up first."""
    if not isinstance(request.user, Person):
        return redirect("accounts:sign-in")
    person = request.user
    fresh = not factors.has_factor(person)
    device = factors.begin(person) if fresh else factors.device_of(person)
    form = Code(request.POST or None)
    if request.method == "POST" and device is not None and form.is_valid():
        code = form.cleaned_data["code"]
        if actions.confirm_device(person, device, code) if fresh else device.verify_token(code):
            otp_login(request, device)
            write(person, "account.second-factor-given", subject=person.login)
            return HttpResponseRedirect(_next(request))
        form.add_error("code", _code_fault(device))
    return _verify_page(request, person, form, device, fresh=fresh)


def _code_fault(device: TOTPDevice) -> str:
    """Why a code was not taken; after a wrong one the next is looked at only after a pause."""
    allowed, detail = device.verify_is_allowed()
    if not allowed and detail and detail.get("reason") == VerifyNotAllowed.N_FAILED_ATTEMPTS:
        return str(_("After a wrong code there is a short pause. Wait a few seconds, then type the code that shows."))
    return str(_("This code is not right, or it is too old. Wait for the next one."))


def _verify_page(
    request: HttpRequest, person: Person, form: Code, device: TOTPDevice | None, *, fresh: bool
) -> HttpResponse:
    has_keys = bool(passkeys.keys_of(person))
    options = None
    if passkeys.is_possible(request) and (fresh or has_keys):
        options = (passkeys.ask_for_new if fresh else passkeys.ask_for_known)(request, person)
    context = {
        "form": form, "device": device, "fresh": fresh, "options": options, "next": _next(request),
        "has_keys": has_keys, "picture": factors.picture(device) if device and fresh else None,
    }  # fmt: skip
    return render(request, "accounts/verify.html", context)


@require_POST
@view(may=None)
def verify_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey as second factor: one that is known, or the first one of somebody who has no factor yet."""
    if not isinstance(request.user, Person):
        return redirect("accounts:sign-in")
    person, answer = request.user, request.POST.get("answer", "")
    try:
        if factors.has_factor(person):
            key = passkeys.check(request, person, answer)
        else:
            key = passkeys.read_new(request, person, answer, str(_("Passkey")))
            actions.keep_passkey(person, key)
    except passkeys.BadPasskey:
        messages.error(request, _("The passkey was not accepted. Try again, or use another way."))
        return redirect("accounts:verify")
    otp_login(request, key)
    write(person, "account.second-factor-given", subject=person.login, detail={"passkey": key.name})
    return HttpResponseRedirect(_next(request))


@view(may=May.SIGN_IN, with_given_password=True)
@sensitive_post_parameters()
def my_password(request: HttpRequest) -> HttpResponse:
    """My own password: the old one, and twice the new one."""
    person = person_of(request)
    form = NewPassword(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        actions.change_password(person, form.cleaned_data["password"])
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("accounts:home")
    return render(request, "accounts/password.html", {"form": form, "is_given": person.password_is_given})


@view(may=May.SIGN_IN)
def my_factors(request: HttpRequest) -> HttpResponse:
    """My second factors: what there is, one more passkey, one less."""
    person = person_of(request)
    if request.method == "POST":
        try:
            name = request.POST.get("name", "").strip() or str(_("Passkey"))
            actions.keep_passkey(person, passkeys.read_new(request, person, request.POST.get("answer", ""), name))
            messages.success(request, _("The passkey is one of your ways to sign in now."))
        except passkeys.BadPasskey:
            messages.error(request, _("The passkey was not accepted. Try again."))
        return redirect("accounts:factors")
    options = passkeys.ask_for_new(request, person) if passkeys.is_possible(request) else None
    context = {"device": factors.device_of(person), "keys": passkeys.keys_of(person), "options": options}
    return render(request, "accounts/factors.html", context)


@require_POST
@view(may=May.SIGN_IN)
def drop_factor(request: HttpRequest) -> HttpResponse:
    """One of my own second factors is taken away."""
    person = person_of(request)
    mine = {device.persistent_id: device for device in devices_for_user(person)}
    device = mine.get(request.POST.get("device", ""))
    if device is None:
        raise Http404
    try:
        actions.drop_factor(person, device)
        messages.success(request, _("It is no longer one of your ways to sign in."))
    except actions.LastFactor:
        messages.error(request, _("This is your last second factor. Add another one before you take it away."))
    return redirect("accounts:factors")


@require_POST
@view(may=None)
def sign_out(request: HttpRequest) -> HttpResponse:
    """The way out."""
    if isinstance(request.user, Person):
        write(request.user, "account.sign-out", subject=request.user.login)
    logout(request)
    return redirect("accounts:sign-in")


@view(may=May.SIGN_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do for this person."""
    person = person_of(request)
    titles = [TITLES[role] for role in person.roles if role in TITLES]
    return render(request, "accounts/home.html", {"titles": titles})


@view(may=None)
@sensitive_post_parameters()
def device_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in at a device, so that the gateway knows who is there."""
    client = _client(request)
    if "notice" in request.POST:
        return _answered(request, client)
    form = DeviceSignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = authenticate(request, username=data["login"], password=data["password"], at_device=client or "-")
        if isinstance(person, Person):
            if person.kind == Person.Kind.CLASS and not form.cleaned_data["seat"]:
                form.add_error("seat", _("This is a class log-in: say where you sit."))
            else:
                return _noticed(request, person, client, data["seat"])
        else:
            form.add_error(None, _("The log-in or the password is wrong."))
    context = {"form": form, "here": actions.name_at(client)}
    return render(request, "accounts/device.html", context, status=200 if request.method == "GET" else 401)


def _noticed(request: HttpRequest, person: Person, client: str, seat: str) -> HttpResponse:
    """Signed in, or first told that the network is watched over (requirements M11)."""
    notice = notices.current(person)
    if notices.is_accepted(person, notice):
        actions.sign_in_at(person, client, seat)
        return render(request, "accounts/device.html", {"person": person, "onward": _onward(request)})
    token = signing.dumps([person.pk, notice.pk, client, seat, secrets.token_hex(8)], salt=_NOTICE_SALT)
    response = render(request, "accounts/notice.html", {"notice": notice, "token": token, "person": person})
    response["Cache-Control"] = "no-store"
    return response


def _answered(request: HttpRequest, client: str) -> HttpResponse:
    """The answer to the notice; who declines is not signed in."""
    try:
        known = signing.loads(request.POST["notice"], salt=_NOTICE_SALT, max_age=_NOTICE_SECONDS)
        person, notice = Person.objects.get(pk=known[0], is_active=True), Notice.objects.get(pk=known[1])
    except (signing.BadSignature, Person.DoesNotExist, Notice.DoesNotExist):
        messages.error(request, _("That took too long. Sign in again."))
        return redirect("accounts:device")
    # It is good for one answer, at the device at which the password was given, to the words that count now.
    used = hashlib.sha256(request.POST["notice"].encode()).hexdigest()
    if known[2] != client or notice != notices.current(person) or not cache.add(f"notice:{used}", 1, _NOTICE_SECONDS):
        messages.error(request, _("That took too long. Sign in again."))
        return redirect("accounts:device")
    accepted = request.POST.get("answer") == "yes"
    notices.sign(person, notice, accepted=accepted, client=client)
    if not accepted:
        messages.error(request, _("You are not signed in. Without accepting this nobody can use the network; "
                                  "talk to a member of staff if something in it worries you."))  # fmt: skip
        return redirect("accounts:device")
    actions.sign_in_at(person, client, known[3])
    return render(request, "accounts/device.html", {"person": person, "onward": _onward(request)})


def _onward(request: HttpRequest) -> str:
    """The page that was asked for before the sign-in page came, for a link that says where it leads."""
    asked = request.GET.get("next", "")
    return asked if asked.startswith(("http://", "https://")) else ""


@require_POST
@view(may=None)
def device_sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out at a device."""
    actions.sign_out_at(_client(request))
    messages.success(request, _("You are signed out at this device."))
    return redirect("accounts:device")


def _client(request: HttpRequest) -> str:
    return actions.signed_client(request.headers.get("Leeward-Client", ""), request.META.get("REMOTE_ADDR", ""))
