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
    _post(_others((RoleName.ADMINISTRATOR,), but=(by,)), f"attention:{event}", "emails/attention")


@transaction.atomic
def tell_readers_of_the_trail(*, by: User, about: User, event: str) -> None:
    """As `tell_administrators`, and to the auditors: what an administrator did with somebody's rights."""
    readers = [role.name for role in ROLES.values() if Right.AUDIT_READ in role.rights]
    _post(_others(readers, but=(by, about)), f"attention:{event}", "emails/attention")


@transaction.atomic
def call_people(*, people: Iterable[User], event: str) -> int:
    """A mail to each, once an event, that says only to log in: their start page says why.

    Returns how many are new.
    """
    return _post(people, event, "emails/evacuation")


def _others(roles: Iterable[str], *, but: Iterable[User]) -> Iterable[User]:
    everybody = User.objects.filter(role__in=roles, is_active=True)
    return everybody.exclude(pk__in=[person.pk for person in but])


def _post(people: Iterable[User], event: str, template: str) -> int:
    """How many are new."""
    return sum(
        outbox.post_to(
            person,
            key=f"{event}:{person.uuid}",
            kind=outbox.ACCOUNT_MAIL,
            template=template,
            words={"site": settings.SITE_URL},
        )
        for person in people
    )
