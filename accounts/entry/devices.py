"""Each request of a log-in: is it still alive, and may it go further than setting up a second factor?"""

from collections.abc import Callable

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import selectors, services
from core.identity import acting_as

IDLE, LONG = "idle", "long"
# All that staff without a second factor reach.
ENROLMENT = frozenset(
    {
        "accounts:factors",
        "accounts:add_app",
        "accounts:add_passkey",
        "accounts:language",
        "account_logout",
        "healthz",
        # In danger nobody is asked for a second factor first.
        "accounts:panic",
        "nothing",
        "accounts:lock_myself",
        "accounts:end_own_log_ins",
    }
)


class Devices:
    """`request.device`: the log-in this request belongs to. A session without its row is nobody's.

    `request.is_confined`: staff who have no second factor yet.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.device, request.ended_by, request.is_confined = None, "", False
        if request.user.is_authenticated:
            _admit(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_args: object) -> HttpResponse | None:
        """The confined are led to setting up a second factor, wherever they go."""
        if not request.is_confined or request.resolver_match.view_name in ENROLMENT:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("accounts:factors")})
        return redirect("accounts:factors")


def _admit(request: HttpRequest) -> None:
    now = timezone.now()
    device = selectors.device_of(request.user, request.session.row_key)
    if device is None:
        logout(request)
        return
    if ended_by := (LONG if device.is_old(now) else IDLE if device.is_idle(now) else ""):
        with acting_as(request.user):
            services.end_device(by=request.user, device=device)
        logout(request)
        request.ended_by = ended_by
        return
    if not device.was_seen_lately(now):
        services.see_device(by=request.user, device=device, now=now)
    request.device = device
    request.is_confined = request.user.is_staff_member and not device.has_factor


def renew(request: HttpRequest) -> None:
    """The same log-in under a new session id, when it has become worth more or all others were ended."""
    update_session_auth_hash(request, request.user)
    keep(request)


def keep(request: HttpRequest) -> None:
    """The session id has changed; the log-in is the same."""
    services.move_device(by=request.user, device=request.device, session_key=request.session.row_key)
