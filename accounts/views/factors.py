"""What one proves oneself with beside the password: an app for codes, passkeys, recovery codes."""

import base64

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.entry import browsers, devices, proving
from accounts.factors import codes, seeds
from accounts.forms import CodeForm, PasskeyForm, WhichFactorForm
from accounts.gate import requires, sudo
from accounts.permissions import Right

SEED = "seed_being_set_up"  # in the session, sealed


@requires(Right.OWN_ACCOUNT)
def factors(request: HttpRequest) -> HttpResponse:
    own = selectors.factors_of(request.user)
    context = {
        "app": own.filter(type=selectors.APP).first(),
        "passkeys": own.filter(type=selectors.PASSKEY),
        "codes_left": selectors.recovery_codes_left(request.user),
        "is_enrolled": not request.is_confined,
    }
    return render(request, "accounts/factors.html", context)


@requires(Right.STAFF_LOG_IN)
@sudo
def add_app(request: HttpRequest) -> HttpResponse:
    seed = _seed_of_session(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            fresh = services.add_app(
                by=request.user,
                seed=seed,
                now=timezone.now(),
                here=request.session.row_key,
                **form.cleaned_data,
            )
        except (services.WrongCode, services.AppThereAlready) as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[SEED]
            return _added(request, fresh)
    url = get_adapter().build_totp_url(request.user, seed)
    picture = base64.b64encode(get_adapter().build_totp_svg(url).encode()).decode()
    context = {"form": form, "url": url, "picture": picture, "seed": _in_groups(seed)}
    return render(request, "accounts/add_app.html", context, status=422 if form.errors else 200)


@requires(Right.OWN_ACCOUNT)
@sudo
def add_passkey(request: HttpRequest) -> HttpResponse:
    here = browsers.kind_of(request.headers.get("user-agent", ""))
    form = PasskeyForm(request.POST or None, initial={"name": here})
    if form.is_valid():
        try:
            credential, count = proving.new_passkey(form.cleaned_data["passkey"])
        except proving.NotProven as refusal:
            form.add_error(None, str(refusal))
        else:
            fresh = services.add_passkey(
                by=request.user, name=form.cleaned_data["name"] or here, credential=credential,
                sign_count=count, here=request.session.row_key,
            )  # fmt: skip
            return _added(request, fresh)
    context = {"form": form, "options": proving.making(request.user)}
    return render(request, "accounts/add_passkey.html", context, status=422 if form.errors else 200)


@requires(Right.OWN_ACCOUNT)
@sudo
@require_POST
def remove_factor(request: HttpRequest) -> HttpResponse:
    form = WhichFactorForm(request.POST)
    own = selectors.factors_of(request.user).exclude(type=selectors.RECOVERY)
    factor = get_object_or_404(own, pk=form.cleaned_data["factor"] if form.is_valid() else None)
    try:
        services.remove_factor(by=request.user, factor=factor, here=request.session.row_key)
    except services.LastFactor as refusal:
        messages.error(request, str(refusal))
    else:
        devices.renew(request)
        messages.success(request, _("Removed. Your other devices are logged out."))
    return redirect("accounts:factors")


@requires(Right.STAFF_LOG_IN)
@sudo
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    fresh = services.make_recovery_codes(by=request.user, here=request.session.row_key)
    devices.renew(request)
    return _show_codes(request, fresh)


def _seed_of_session(request: HttpRequest) -> str:
    """The seed being set up: the same until it is, so that a page loaded again shows the same picture."""
    if SEED in request.session:
        try:
            return seeds.unseal(request.session[SEED], request.user)
        except seeds.SeedCannotBeOpened:
            pass
    seed = codes.new_seed()
    request.session[SEED] = seeds.seal(seed, request.user)
    return seed


def _in_groups(seed: str) -> str:
    return " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))


def _added(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    devices.renew(request)
    if fresh:
        return _show_codes(request, fresh)
    messages.success(request, _("Added. From now on you can log in with it."))
    return redirect("accounts:factors")


def _show_codes(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    """In the answer to the form and nowhere else: loaded again, it is gone."""
    return render(request, "accounts/recovery_codes.html", {"codes": fresh})
