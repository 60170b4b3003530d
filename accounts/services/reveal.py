"""The one door to sealed values."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.enums import Outcome, RequestKind, RequestState
from accounts.models import RevealEntry, RevealRequest, User
from accounts.openings import AN_HOUR, is_forgotten, opened_within_an_hour, right_to_open, sees
from accounts.permissions import Right
from accounts.roles import second_person
from accounts.services.opening_mails import sound_alarm
from accounts.services.reveal_log import Answer, Attempt, hold, write_down
from accounts.services.second_person import find_or_ask, needs_second, use_up
from core.identity import Scope, acting_as
from core.models import Record
from core.sealed import CannotOpen, open_value

ALARM_AT = 3  # openings of one person within an hour


class PurposeMissing(Exception):
    def __str__(self) -> str:
        return _("Say what you need this for; it is written down beside your name.")


@transaction.atomic
def reveal(*, by: User, subject: Record, field: str, purpose: str, now: datetime) -> Answer:
    """The one door to a sealed value: right, sight, purpose, how many within the hour, a second person where
    the matrix asks for one, and a log row in the same transaction: no row, no value.

    A refusal is an answer like any other, so that its row outlives the request. Raises PurposeMissing.
    """
    attempt = Attempt(by, subject, field, purpose, now)
    right = right_to_open(type(subject), field)
    mode = second_person(by.role, right) if right and by.may(right) else None
    if mode is None or not sees(by, type(subject), subject.uuid):
        return _refuse(attempt, Outcome.REFUSED_RIGHT, _("This is not yours to open."))
    return _pass(attempt, with_second=needs_second(mode))


@transaction.atomic
def break_glass(*, by: User, subject: Record, field: str, purpose: str, now: datetime) -> Answer:
    """A shelter's address in an emergency, for who may not open it otherwise: with a second person always,
    and with an alarm at once. Raises PurposeMissing.
    """
    attempt = Attempt(by, subject, field, purpose, now, RequestKind.BREAK_GLASS)
    is_address = right_to_open(type(subject), field) == Right.REVEAL_SHELTER_ADDRESS
    is_theirs = by.may(Right.BREAK_GLASS) and second_person(by.role, Right.BREAK_GLASS) is not None
    if not (is_address and is_theirs and sees(by, type(subject), subject.uuid)):
        return _refuse(attempt, Outcome.REFUSED_RIGHT, _("This is not yours to open."))
    return _pass(attempt, with_second=True)


def _pass(attempt: Attempt, *, with_second: bool) -> Answer:
    if not attempt.purpose.strip():
        raise PurposeMissing
    recent = _hold_and_count(attempt)
    if len(recent) >= settings.REVEALS_AN_HOUR:
        return _refuse(attempt, Outcome.REFUSED_QUOTA, _too_many(recent))
    if not with_second:
        return _open(attempt, recent)
    request = find_or_ask(attempt)
    if request.state == RequestState.AGREED:
        return _open(replace(attempt, purpose=request.purpose), recent, request)  # what was agreed to
    return Answer(Outcome.ASKED, request=request)


def _hold_and_count(attempt: Attempt) -> list[RevealEntry]:
    """The openings of the last hour, oldest first; under the lock nobody overtakes the count."""
    hold(attempt.by)
    return list(opened_within_an_hour(attempt.by, attempt.now).order_by("at"))


def _open(attempt: Attempt, recent: list[RevealEntry], request: RevealRequest | None = None) -> Answer:
    """Written down first, opened after: whatever fails on the way, no value leaves without its row."""
    alarms = _is_alarming(attempt, recent)
    scope = Scope.BREAK_GLASS if attempt.kind == RequestKind.BREAK_GLASS else Scope.OWN
    agreed: dict[str, Any] = {"request": request, "second": request.decided_by} if request else {}
    try:
        with transaction.atomic():
            if request and not use_up(request, attempt=attempt):
                return Answer(Outcome.ASKED, request=find_or_ask(attempt))
            entry = write_down(attempt, Outcome.OPENED, raised_alarm=alarms, **agreed)
            with acting_as(attempt.by, scope=scope):
                opened = open_value(attempt.subject, attempt.field)
    except CannotOpen as trouble:
        return _say_why(attempt, trouble)
    if alarms:
        sound_alarm(entry)
    return Answer(Outcome.OPENED, value="" if opened is None else opened.decode())


def _is_alarming(attempt: Attempt, recent: list[RevealEntry]) -> bool:
    """An emergency always; else the third within the hour, once an hour."""
    if attempt.kind == RequestKind.BREAK_GLASS:
        return True
    rang = any(entry.raised_alarm and entry.kind == RequestKind.OPEN for entry in recent)
    return len(recent) + 1 >= ALARM_AT and not rang


def _say_why(attempt: Attempt, trouble: CannotOpen) -> Answer:
    if is_forgotten(attempt.subject.uuid):
        return _refuse(attempt, Outcome.FORGOTTEN, _("Forgotten: this can never be read again, by nobody."))
    return _refuse(attempt, Outcome.CANNOT_OPEN, str(trouble))


def _refuse(attempt: Attempt, outcome: Outcome, sentence: str) -> Answer:
    write_down(attempt, outcome)
    return Answer(outcome, sentence)


def _too_many(recent: list[RevealEntry]) -> str:
    again = recent[len(recent) - settings.REVEALS_AN_HOUR].at + AN_HOUR
    return _(
        "You have opened %(count)s values within an hour; that is the limit. The next can be opened at "
        "%(time)s. If a life depends on it now, call an administrator."
    ) % {"count": settings.REVEALS_AN_HOUR, "time": date_format(localtime(again), "H:i")}
