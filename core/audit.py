"""The audit row of a write: the service that writes calls it, in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from core import triggers
from core.models import AuditEntry
from core.sealed import Sealed, SealedField

WITHHELD = "[withheld]"  # the database writes the same in place of a value (core/migrations/0004_trail.py)


def record(
    *,
    by: Any,
    action: str,
    subject: models.Model,
    changes: Mapping[str, list] | None = None,
    reason: str = "",
) -> AuditEntry:
    """One audit row. `action`: room and verb ("stock.used"); `changes`: field → [old, new].

    What must be forgotten with its subject shows as changed, and not as what: the log is never emptied.
    """
    return AuditEntry.objects.create(
        by_id=by.pk,
        by_name=by.name,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_uuid=getattr(subject, "uuid", None),
        subject_label=str(subject)[:200],
        changes=_without_persons(subject, changes or {}),
        reason=reason,
    )


def _without_persons(subject: models.Model, changes: Mapping[str, list]) -> dict[str, list]:
    hidden = triggers.withheld(type(subject)) if getattr(subject, "can_be_forgotten", False) else []
    return {
        name: [_hidden(value) for value in both] if name in hidden else both for name, both in changes.items()
    }


def _hidden(value: Any) -> Any:
    return value if value in (None, "", str(Sealed())) else WITHHELD


def snapshot(instance: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """Field → value as an audit row may keep it: sealed stays sealed, related records show their code."""
    wanted = None if fields is None else set(fields)
    return {
        field.name: _kept(instance, field)
        for field in instance._meta.concrete_fields
        if field.name not in ("id", "uuid") and (wanted is None or field.name in wanted)
    }


def _kept(instance: models.Model, field: models.Field) -> Any:
    if isinstance(field, SealedField):
        return None if getattr(instance, field.attname) is None else str(Sealed())
    if isinstance(field, models.ForeignKey):
        related = getattr(instance, field.name)
        return None if related is None else str(related)
    value = getattr(instance, field.attname)
    return value if isinstance(value, bool | int | str | None) else str(value)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list]:
    """Only what changed: field → [old, new]."""
    return {name: [old.get(name), value] for name, value in new.items() if old.get(name) != value}
