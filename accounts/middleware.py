from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class Gate:
    """The second lock: a view that slipped past the start-up check without a guard is not served."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *_args: object) -> None:
        if not hasattr(view, "gate"):
            raise PermissionDenied


def speak_their_language(get_response: Callable) -> Callable:
    """A person's own choice first, then the cookie and the browser's wish."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware
