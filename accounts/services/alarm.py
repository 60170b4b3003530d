"""A mail that calls people to look, without saying what for."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from accounts.roles import ROLES
from core import outbox


@transaction.atomic
def tell_administrators(*, by: User, event: str) -> None:
    """One mail to each other administrator, once an event. Whoever reads a mailbox learns nothing from it."""
    _tell((RoleName.ADMINISTRATOR,), event, but=(by,))


@transaction.atomic
def tell_readers_of_the_trail(*, by: User, about: User, event: str) -> None:
    """As `tell_administrators`, and to the auditors: what an administrator did with somebody's rights."""
    readers = [role.name for role in ROLES.values() if Right.AUDIT_READ in role.rights]
    _tell(readers, event, but=(by, about))


@transaction.atomic
def call_people(*, people: Iterable[User], event: str) -> int:
    """A mail to each, once an event, that says only to log in: their start page says why.

    Returns how many are new.
    """
    return sum(
        outbox.post_to(
            person,
            key=f"{event}:{person.uuid}",
            kind=outbox.ACCOUNT_MAIL,
            template="emails/evacuation",
            words={"site": settings.SITE_URL},
        )
        for person in people
    )


def _tell(roles: Iterable[str], event: str, *, but: Iterable[User]) -> None:
    others = User.objects.exclude(pk__in=[person.pk for person in but])
    for person in others.filter(role__in=roles, is_active=True):
        outbox.post_to(
            person,
            key=f"attention:{event}:{person.uuid}",
            kind=outbox.ACCOUNT_MAIL,
            template="emails/attention",
            words={"site": settings.SITE_URL},
        )
