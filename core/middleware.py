from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


def no_store(get_response: Callable) -> Callable:
    """No page of ours stays in a browser's or a proxy's cache: phones are taken unlocked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith("/static/"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
