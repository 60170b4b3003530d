"""The log of openings: one row an attempt, in the transaction of what it is about. Never a value."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.enums import Outcome, RequestKind
from accounts.models import RevealEntry, RevealRequest, User
from core.models import Record


@dataclass(frozen=True)
class Attempt:
    """Who wants what of which record, and what for."""

    by: User
    subject: Record
    field: str
    purpose: str
    now: datetime
    kind: RequestKind = RequestKind.OPEN


@dataclass(frozen=True)
class Answer:
    """What came of an attempt. `value`: the text, "" where nothing is written down, None unless opened.

    `sentence`: what a person should read when it was not opened. `request`: what waits for a second person.
    """

    outcome: Outcome
    sentence: str = ""
    value: str | None = field(default=None, repr=False)
    request: RevealRequest | None = None


def hold(person: User) -> None:
    """One attempt of a person after the other, until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)


def write_down(attempt: Attempt, outcome: Outcome, **values: Any) -> RevealEntry:
    return RevealEntry.objects.create(
        by=attempt.by,
        kind=attempt.kind,
        subject_type=attempt.subject._meta.label_lower,
        subject_uuid=attempt.subject.uuid,
        subject_label=str(attempt.subject)[:200],
        field=attempt.field[:60],
        purpose=attempt.purpose.strip()[:300],
        outcome=outcome,
        **values,
    )


@transaction.atomic
def note_refusal(
    *, by: User, model: type[Record], uuid: UUID, field: str = "", purpose: str = ""
) -> RevealEntry:
    """An attempt on what is not theirs, or is not there at all: both leave the same row without a code."""
    return RevealEntry.objects.create(
        by=by,
        subject_type=model._meta.label_lower,
        subject_uuid=uuid,
        field=_storable(field)[:60],
        purpose=_storable(purpose)[:300],
        outcome=Outcome.REFUSED_RIGHT,
    )


def _storable(text: str) -> str:
    """What no form has cleaned yet."""
    return text.replace("\0", "").strip()
