"""Writes that every register shares."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.functions import Now

from core import audit
from core.enums import JobState
from core.models import Job
from core.sealed import SEALED, SealedField, open_value

Kind = TypeVar("Kind", bound=Model)


def save_record(*, by: Any, record: Kind, action: str, reason: str = "", **values: Any) -> Kind:
    """Create or change one register row and its audit row; an unchanged row is left alone.

    Raises ValidationError with the sentence of the broken rule.
    """
    return save_values(by=by, record=record, action=action, reason=reason, values=values)


@transaction.atomic
def save_values(*, by: Any, record: Kind, action: str, values: dict[str, Any], reason: str = "") -> Kind:
    """`save_record` for models with a field named as one of its arguments (a status has a `reason`)."""
    created = record._state.adding
    before = {} if created else audit.snapshot(record, values)
    resealed = {} if created else _resealed(record, values)
    for name, value in values.items():
        if name in resealed or not is_sealed(record, name) or created:
            setattr(record, name, value)
    after = audit.snapshot(record, None if created else values)
    changes = audit.difference(before, after) | resealed
    if not created and not changes:
        return record
    record.full_clean()
    # What was not told stays as a colleague may have written it meanwhile.
    record.save(update_fields=None if created else list(changes))
    audit.record(by=by, action=action, subject=record, changes=changes, reason=reason)
    return record


def once(row: Kind, content: Iterable[str], refusal: type[Exception]) -> Kind:
    """The row of this `key`: this one, or what a form with it booked the first time.

    Raises `refusal` where that was something else in one of the fields of `content`, or where somebody else
    wrote meanwhile what may be there once.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = type(row)._default_manager.filter(key=row.key).first()  # type: ignore[attr-defined]
        if first is None or any(getattr(first, name) != getattr(row, name) for name in content):
            raise refusal from None
        return first
    return row


def is_as_told(record: Model, values: dict[str, Any]) -> bool:
    """Whether the record holds these values, sealed texts included: a form that was sent twice."""
    told = [name for name in values if not is_sealed(record, name)]
    return all(getattr(record, name) == values[name] for name in told) and not _resealed(record, values)


def is_sealed(record: Model, name: str) -> bool:
    return isinstance(record._meta.get_field(name), SealedField)


def _resealed(record: Model, values: dict[str, Any]) -> dict[str, list]:
    """Sealed fields whose text is really another one: both sides show as sealed in the trail."""
    changed = {}
    for name in (name for name in values if is_sealed(record, name)):
        old, new = open_value(record, name), values[name]
        if (old or b"") != (new or "").encode():
            changed[name] = [None if old is None else SEALED, SEALED if new else None]
    return changed


def queue_job(*, by: Any, kind: str, title: str, total: int = 0) -> Job:
    return Job.objects.create(kind=kind, title=title, total=total, by_id=by.pk)


# The three below commit one by one while the work goes on, so that a page can watch it.


def begin_job(*, job: Job, total: int) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, done=0, total=total, started_at=Now(), trouble=""
    )


def advance_job(*, job: Job, done: int) -> None:
    Job.objects.filter(pk=job.pk).update(done=done)


def finish_job(*, job: Job, trouble: str = "") -> None:
    """`trouble`: the sentence a person should read; empty when all went well."""
    state = JobState.FAILED if trouble else JobState.DONE
    Job.objects.filter(pk=job.pk).update(state=state, trouble=trouble[:500], finished_at=Now())
