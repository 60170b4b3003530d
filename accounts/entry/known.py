"""Browsers in which a person has logged in before: their attempts are counted apart.

Else whoever knows an address could lock its owner out by typing wrong passwords. The cookie is a random word
and its proof for one address; it opens nothing and names nobody (docs/adr/0011).
"""

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known" if settings.SAMPLE else "__Host-known"
LASTS = timedelta(days=180)
MOST = 4  # people who share one browser


def mark_of(request: HttpRequest, email: str) -> str:
    """The word of this browser for that person; empty when they have never logged in here."""
    for word, proof in _pairs(request):
        if hmac.compare_digest(proof, _proof(word, email)):
            return word
    return ""


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """From now on the attempts of this browser at that address have a count of their own."""
    word = secrets.token_urlsafe(12)
    others = [pair for pair in _pairs(request) if not hmac.compare_digest(pair[1], _proof(pair[0], email))]
    pairs = [(word, _proof(word, email)), *others][:MOST]
    response.set_cookie(
        COOKIE,
        "/".join(f"{word}.{proof}" for word, proof in pairs),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    pairs = (pair.split(".") for pair in request.COOKIES.get(COOKIE, "").split("/")[:MOST])
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isascii()]


def _proof(word: str, email: str) -> str:
    return salted_hmac(__name__, f"{word}|{email.strip().lower()}", algorithm="sha256").hexdigest()
