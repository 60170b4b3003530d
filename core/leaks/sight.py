"""Whom a finding may be shown: who may see the value itself, by right and by door."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.models import LeakFinding
from core.sealed import SealedField


def shown_to(
    user: Any, findings: QuerySet[LeakFinding], kinds: Iterable[tuple[str, str]] | None = None
) -> QuerySet[LeakFinding]:
    """Those of the findings whose value the person may see. `kinds`: theirs, where they were read already."""
    if kinds is None:
        kinds = findings.order_by().values_list("subject_type", "field").distinct()
    allowed = Q(pk__in=())
    for subject_type, field in kinds:
        model = _model(subject_type)
        if model is not None and _has_right(user, model, field):
            door = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
            rows = door.order_by().values("uuid")
            allowed |= Q(subject_type=subject_type, field=field, subject_uuid__in=rows)
    return findings.filter(allowed)


def is_shown_to(user: Any, finding: LeakFinding) -> bool:
    """The same question of one finding, kept or not."""
    model = _model(finding.subject_type)
    if model is None or not _has_right(user, model, finding.field):
        return False
    door = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
    return door.filter(uuid=finding.subject_uuid).exists()


def what(finding: LeakFinding) -> str:
    """As "shelter: address", for who may see it."""
    model = _model(finding.subject_type)
    if model is None:
        return finding.subject_type
    field = cast(Field, model._meta.get_field(finding.field))
    return _("%(record)s: %(field)s") % {"record": model._meta.verbose_name, "field": field.verbose_name}


def whose(findings: list[LeakFinding]) -> dict[UUID, str]:
    """UUID of the record → its code, for findings that were chosen by `shown_to`."""
    by_model: dict[str, set[UUID]] = {}
    for finding in findings:
        by_model.setdefault(finding.subject_type, set()).add(finding.subject_uuid)
    return {
        record.uuid: str(record)
        for name, uuids in by_model.items()
        if (model := _model(name)) is not None
        for record in cast(Any, model)._default_manager.filter(uuid__in=uuids)
    }


def _model(subject_type: str) -> type[Model] | None:
    """None when there is no such model any more, or none may be seen of it."""
    try:
        model = apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None
    return model if hasattr(model._default_manager, "visible_to") else None


def _has_right(user: Any, model: type[Model], field_name: str) -> bool:
    field = model._meta.get_field(field_name)
    return not isinstance(field, SealedField) or user.may(field.right)
