from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core import health


@transaction.non_atomic_requests  # answers 503, not 500, when the database is gone
def healthz(request: HttpRequest) -> JsonResponse:
    state = health.state()
    return JsonResponse(
        {part: "ok" if alive else "down" for part, alive in state.items()},
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
