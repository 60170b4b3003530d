"""A mail that calls people to log in, without a word of what for."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import User
from core import leaks, outbox


def call(roles: Iterable[str], *, kind: str, event: str) -> None:
    """One mail to each of them, once an event. Whoever reads a mailbox learns nothing from it."""
    with leaks.guarding():
        for person in User.objects.filter(role__in=roles, is_active=True):
            outbox.post_to(
                person,
                key=f"{event}:{person.uuid}",
                kind=kind,
                template=f"emails/{kind}",
                words={"site": settings.SITE_URL},
            )
