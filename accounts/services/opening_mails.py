"""Mails about openings: they name no person, no place and no record (who reads a mailbox learns nothing)."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from accounts.models import RevealEntry, RevealRequest, User
from accounts.openings import second_persons_for
from accounts.permissions import Right
from accounts.roles import ROLES
from core import leaks, outbox

WAITS = timedelta(minutes=15)  # for an answer, and once more for the use of it


def sound_alarm(entry: RevealEntry) -> None:
    """To everybody who reads the log of openings, once for each row that raised it."""
    watching = [name for name, role in ROLES.items() if Right.OPENINGS_READ in role.rights]
    people = User.objects.filter(is_active=True, role__in=watching)
    _post_all(people, kind=outbox.ALARM_MAIL, event=f"alarm:{entry.pk}")


def call_second_persons(request: RevealRequest) -> None:
    people = second_persons_for(request)
    _post_all(people, kind=outbox.SECOND_PERSON_MAIL, event=f"second_person:{request.uuid}")


def _post_all(people: Iterable[User], *, kind: str, event: str) -> None:
    """The sealed values are opened once for the leak guard, not once a mail."""
    with leaks.guarding():
        for person in people:
            _post(person, kind=kind, event=event)


def _post(person: User, *, kind: str, event: str) -> None:
    words = {"site": settings.SITE_URL, "minutes": WAITS // timedelta(minutes=1)}
    key = f"{event}:{person.uuid}"
    outbox.post_to(person, key=key, kind=kind, template=f"emails/{kind}", words=words)
