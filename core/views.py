import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core import health


@transaction.non_atomic_requests  # answers 503, not 500, when the database is gone
def healthz(request: HttpRequest) -> JsonResponse:
    state = health.state()
    return JsonResponse(
        {part: "ok" if alive else "down" for part, alive in state.items()} | health.told(),
        status=200 if all(state.values()) else 503,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token, mostly because the page stood open over a log-out.

    A view whose `csrf_failure` says otherwise answers for itself.
    """
    answer = getattr(getattr(request.resolver_match, "func", None), "csrf_failure", None)
    if answer is not None:
        return answer(request)
    return render(request, "403_csrf.html", status=403)


# The two below are answered without the request: whatever it holds may be what broke.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """With the code under which the log tells what happened."""
    code = structlog.contextvars.get_contextvars().get("request_id")
    return HttpResponse(render_to_string("500.html", {"code": code}), status=500)
