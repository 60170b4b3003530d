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
