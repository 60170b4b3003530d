"""Short verbs for tests that open sealed values."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts import services
from accounts.models import RevealRequest, User


def attempt(
    by: User,
    subject: Any,
    field: str = "address",
    *,
    purpose: str = "a sick child",
    now: datetime | None = None,
) -> services.Answer:
    """Through the one door."""
    now = now or timezone.now()
    return services.reveal(by=by, subject=subject, field=field, purpose=purpose, now=now)


def asked(by: User, subject: Any, field: str = "address") -> RevealRequest:
    """The request that waits after the first attempt."""
    request = attempt(by, subject, field).request
    assert request is not None
    return request


def agree(second: User, request: RevealRequest, *, now: datetime | None = None) -> RevealRequest:
    return services.agree(by=second, request=request, now=now or timezone.now())


def forget(by: User, subject: Any, reason: str = "asked us to") -> services.Answer:
    return services.forget(by=by, subject=subject, reason=reason, now=timezone.now())


def forgotten(by: User, second: User, subject: Any) -> services.Answer:
    """By two persons, the whole way."""
    request = forget(by, subject).request
    assert request is not None
    agree(second, request)
    return forget(by, subject)
