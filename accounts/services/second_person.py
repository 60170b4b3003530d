"""The second person: asked, agreeing or declining. An agreement serves once, and not for long."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.enums import Outcome, RequestKind, RequestState, SecondPerson
from accounts.models import RevealEntry, RevealRequest, User
from accounts.models.reveal import UNSETTLED
from accounts.openings import SWITCHED_OFF, SWITCHED_ON, is_needed, is_switched_off, last_switch, may_answer
from accounts.services.opening_mails import WAITS, call_second_persons, sound_alarm
from accounts.services.reveal_log import Attempt, write_down
from core import audit
from core.identity import acting_as

_KEPT = ("kind", "subject_type", "subject_uuid", "subject_label", "field", "purpose")
# Who was locked down after they agreed may have been made to agree.
_DOES_NOT_SERVE = Q(state=RequestState.AGREED, decided_by__is_active=False)


class AnsweredAlready(Exception):
    def __str__(self) -> str:
        return _("Somebody has answered already, or the time was over. There is nothing left to do.")


def needs_second(mode: SecondPerson) -> bool:
    if mode == SecondPerson.WHILE_SET:
        note_switch(by=selectors.system_user())
    return is_needed(mode)


@transaction.atomic
def note_switch(*, by: User) -> None:
    """A row in the trail, if the setting is another than the last one says. `by`: the system."""
    with acting_as(by):
        if is_switched_off(last_switch()) == settings.REVEAL_NEEDS_TWO:
            action = SWITCHED_ON if settings.REVEAL_NEEDS_TWO else SWITCHED_OFF
            audit.record(by=by, action=action, subject=by)


def find_or_ask(attempt: Attempt) -> RevealRequest:
    """What this person has asked for the same and still serves, else a new request. The caller holds their
    lock.
    """
    return _find(attempt) or _ask(attempt)


def _find(attempt: Attempt) -> RevealRequest | None:
    mine = RevealRequest.objects.filter(
        asked_by=attempt.by,
        kind=attempt.kind,
        subject_uuid=attempt.subject.uuid,
        field=attempt.field,
        state__in=UNSETTLED,
    )
    mine.filter(_DOES_NOT_SERVE | Q(expires_at__lte=attempt.now)).update(state=RequestState.EXPIRED)
    return mine.select_related("decided_by").first()


def _ask(attempt: Attempt) -> RevealRequest:
    """A new request: who may be the second person is called by mail. An emergency rings at once."""
    request = RevealRequest.objects.create(
        kind=attempt.kind,
        asked_by=attempt.by,
        subject_type=attempt.subject._meta.label_lower,
        subject_uuid=attempt.subject.uuid,
        subject_label=str(attempt.subject)[:200],
        field=attempt.field,
        purpose=attempt.purpose.strip()[:300],
        asked_at=attempt.now,
        expires_at=attempt.now + WAITS,
    )
    call_second_persons(request)
    alarms = attempt.kind != RequestKind.OPEN
    entry = write_down(attempt, Outcome.ASKED, raised_alarm=alarms)
    if alarms:
        sound_alarm(entry)
    return request


def use_up(request: RevealRequest, *, attempt: Attempt) -> bool:
    """Whether it served: the database lets one use through. If not, `find_or_ask` asks anew."""
    agreed = RevealRequest.objects.filter(
        pk=request.pk, state=RequestState.AGREED, expires_at__gt=attempt.now
    ).exclude(_DOES_NOT_SERVE)
    return bool(agreed.update(state=RequestState.USED, used_at=attempt.now))


@transaction.atomic
def agree(*, by: User, request: RevealRequest, now: datetime) -> RevealRequest:
    """From now on it can be used, once, for a quarter of an hour.

    Raises PermissionDenied, AnsweredAlready.
    """
    _answer(by, request, now, state=RequestState.AGREED, expires_at=now + WAITS)
    audit.record(by=by, action="accounts.opening_agreed", subject=request)
    return request


@transaction.atomic
def decline(*, by: User, request: RevealRequest, now: datetime) -> RevealRequest:
    """Raises PermissionDenied, AnsweredAlready."""
    _answer(by, request, now, state=RequestState.DECLINED)
    told = {name: getattr(request, name) for name in _KEPT}
    RevealEntry.objects.create(by=by, outcome=Outcome.DECLINED, **told)
    audit.record(by=by, action="accounts.opening_declined", subject=request)
    return request


def _answer(by: User, request: RevealRequest, now: datetime, **values: Any) -> None:
    if not may_answer(by, request):
        raise PermissionDenied
    waiting = RevealRequest.objects.filter(pk=request.pk, state=RequestState.WAITING, expires_at__gt=now)
    if not waiting.update(decided_by=by, decided_at=now, **values):
        raise AnsweredAlready
