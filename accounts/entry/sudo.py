"""Dangerous acts ask once more who sits there, when the last answer is older than ten minutes.

The question is a page at the very address that was asked for. A form that was sent travels along in it as
hidden values and is taken up after the answer: nothing typed is lost, and none of it is stored.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.entry import proving, throttle

FRESH_SECONDS = 600
# Names no form of ours has; the answer comes in the same body as what was typed before.
WAYS = ("password", "code", "passkey")
PREFIX = "confirm-"
ASKED_FOR = f"{PREFIX}for"  # "page" or "form": what was interrupted


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved within ten minutes, at the log-in or here, that it is they."""
    records = get_authentication_records(request, request.user)
    age = time.time() - records[-1]["at"] if records else FRESH_SECONDS
    return 0 <= age < FRESH_SECONDS


def ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks, or what follows a right answer. None: the form that was sent may go on."""
    if ASKED_FOR not in request.POST:
        return _page(request, "form" if request.method == "POST" else "page")
    try:
        _check(request)
    except proving.NotProven as refusal:
        return _page(request, request.POST[ASKED_FOR], refusal=str(refusal))
    if request.POST[ASKED_FOR] != "form":
        return redirect(request.get_full_path())
    request.POST = _typed(request.POST)
    return None


def _check(request: HttpRequest) -> None:
    person = request.user
    password, code, passkey = (request.POST.get(f"{PREFIX}{way}", "") for way in WAYS)
    if passkey:
        proving.by_passkey(request, passkey, person, again=True)
        return
    throttle.admit(request, "confirm", str(person.uuid))
    if code:
        proving.by_code(request, person, code, again=True)
    elif password and person.check_password(password):
        record_authentication(request, person, method="password", reauthenticated=True)
    else:
        raise proving.NotProven(_("That was not right. Type your password, or a code from your app."))
    throttle.forget(request, "confirm", str(person.uuid))


def _page(request: HttpRequest, asked_for: str, refusal: str = "") -> HttpResponse:
    kinds = selectors.kinds_of_factors(request.user)
    context = {
        "asked_for": asked_for,
        "refusal": refusal,
        "typed": [(name, value) for name, values in _typed(request.POST).lists() for value in values],
        "files": bool(request.FILES),
        "has_password": request.user.has_usable_password(),
        "has_code": bool(kinds & selectors.CODES),
        "challenge": proving.challenge(request.user) if selectors.PASSKEY in kinds else "",
    }
    response = render(request, "account/confirm.html", context, status=422 if refusal else 200)
    if request.headers.get("HX-Request"):  # the question takes the whole page, not a corner of it
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def _typed(body: QueryDict) -> QueryDict:
    typed = body.copy()
    for name in [name for name in typed if name.startswith(PREFIX) or name == "csrfmiddlewaretoken"]:
        del typed[name]
    return typed
