"""Leave everything, now."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import services
from accounts.gate import FORGET_ALL, forgetting, public


@public
@require_POST
def panic(request: HttpRequest) -> HttpResponse:
    """No question, no confirmation, and never one of our pages as the answer, whoever asks."""
    if request.user.is_authenticated:
        services.panic(by=request.user)
        logout(request)
    return _leave(request)


def _leave(request: HttpRequest) -> HttpResponse:
    return forgetting(redirect("nothing"), FORGET_ALL)


def _leave_without_proof(request: HttpRequest) -> HttpResponse:
    """The page stood open over a log-out: the form proves nobody, and this browser still forgets everything.

    But not at the word of another site: it could put people out at will.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return redirect("nothing")
    return _leave(request)


panic.csrf_failure = _leave_without_proof  # type: ignore[attr-defined]


@public
def nothing(request: HttpRequest) -> HttpResponse:
    """A page that says nothing about us."""
    return render(request, "nothing.html")
