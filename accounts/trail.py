"""The trail in words: its rows keep codes, which outlive every renaming of what people read."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import ExportEntry, User
from accounts.verbs import VERBS
from core.audit import WITHHELD
from core.enums import Operation
from core.lists import Filters
from core.models import AuditEntry, TrailEntry
from core.quantities import plain
from core.sealed import SEALED

_SPAN = re.compile(r"\[(\d{4}-\d\d-\d\d)?,(\d{4}-\d\d-\d\d)?\)")
Names = dict[tuple[type[Model] | None, str], str]  # kind of record and key → what people know it by
LONGEST = 120  # letters of one value on a page; a file has them all

# People's own data: who reads the trail learns which fields changed, not what they say (matrix, D4–D7, D10).
OF_PEOPLE = frozenset(
    {
        "donations.donor",
        "foster.child",
        "foster.childupdate",
        "foster.sponsor",
        "shelters.evacuationchild",
        "shelters.evacuationcounted",
        "shelters.evacuationperson",
        "shelters.resident",
        "shelters.stay",
    }
)

# What a service tells of a change beside the record's fields, and columns without words of their own.
TOLD = {
    "authors": _("authors"),
    "claimed_at": _("taken up"),
    "created_at": _("made"),
    "data": _("data"),
    "device": _("device"),
    "devices": _("devices"),
    "digest": _("fingerprint"),
    "drafted_figures": _("figures of the draft"),
    "dues": _("dues"),
    "factor": _("way to log in"),
    "field": _("field"),
    "fingerprint": _("fingerprint"),
    "fixed_text": _("fixed words"),
    "found_by_id": _("found by"),
    "image": _("picture"),
    "job_uuid": _("job"),
    "key": _("key of the form"),
    "keys": _("keys"),
    "kind": _("kind"),
    "last_movement": _("last movement"),
    "last_used_at": _("last used"),
    "line": _("line"),
    "lines": _("lines"),
    "log_ins_ended": _("log-ins ended"),
    "message_uuid": _("mail"),
    "month": _("month"),
    "owner": _("owner"),
    "passage": _("passage"),
    "photo": _("photo"),
    "position": _("position"),
    "sealed_body": _("sealed text"),
    "sealed_for": _("sealed for"),
    "sections": _("sections"),
    "seeds": _("second factors"),
    "session_key": _("session"),
    "settled_by_id": _("settled by"),
    "source_key": _("what it stands for"),
    "subject": _("record"),
    "subject_type": _("kind of record"),
    "subject_uuid": _("record"),
    "text_fingerprint": _("fingerprint of the text"),
    "text_uuid": _("text"),
    "to_user_id": _("receiver"),
    "type": _("kind"),
    "used_at": _("used"),
    "user": _("user"),
    "wrapped": _("locked key"),
    "wrapped_by": _("locked by key"),
}
# What a service tells as if it were the record's own: where its words and choices are.
TOLD_OF = {
    ("shelters.shelter", "state"): ("shelters.shelterstatus", "state"),
    ("supply.stockcount", "quantity"): ("supply.stockcount", "counted"),
}
# The libraries' own names are in English.
OF_LIBRARIES = {"mfa.authenticator": _("way to log in")}


def verb_of(entry: AuditEntry) -> str:
    verb = entry.action.rpartition(".")[2]
    return str(VERBS.get(verb, verb.replace("_", " ")))


def kind_of(entry: Any) -> str:
    """Of any row of a log that names a kind of record."""
    return kind_name(entry.subject_type)


def kind_name(subject_type: str) -> str:
    if subject_type in OF_LIBRARIES:
        return str(OF_LIBRARIES[subject_type])
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):  # a kind of record that is no more
        return subject_type


def field_name(subject_type: str, name: str) -> str:
    return _label(_field(subject_type, name), name)


def changes_of(entry: AuditEntry, longest: int | None = None) -> str:
    """As "role: auditor → administrator"; of what was not there before only the new value.

    Of people's own data only the names of the fields.
    """
    lines = []
    for name, (old, new) in entry.changes.items():
        field = _field(entry.subject_type, name)
        label = _label(field, name)
        if entry.subject_type in OF_PEOPLE:
            lines += [label] if old != new else []
            continue
        before, after = (_value(field, value, longest, {}) for value in (old, new))
        lines.append(f"{label}: {after}" if old in (None, "") else f"{label}: {before} → {after}")
    return "; ".join(lines)


def filter_names(entry: ExportEntry) -> list[str]:
    """By what a register was narrowed down before it was taken away."""
    labels = {"days": _("Days")} | Filters.labels_for(entry.subject_type)
    return [str(labels.get(name, name.replace("_", " "))) for name in entry.filters]


def names_of(entries: Iterable[Any]) -> Names:  # Any: they carry `label`
    """The codes of the records that these rows are of and point to, a query for each kind: of those alone
    that whoever asks may read, by the row policies.
    """
    keys: dict[type[Model], set[str]] = {}
    for entry in entries:
        for model, key in _records_in(entry):
            if _named_by(model):
                keys.setdefault(model, set()).add(key)
    return {
        (model, str(key)): name
        for model, wanted in keys.items()
        for key, name in model._default_manager.filter(pk__in=wanted).values_list("pk", _named_by(model))
    }


def record_name(entry: Any, names: Names) -> str:
    """What the database kept as its label; else its code, else the beginning of its UUID."""
    known = entry.label or names.get((_model(entry.record_type), entry.record_id))
    return known or str(entry.record_uuid or "—")[:8]


def _records_in(entry: Any) -> Iterator[tuple[type[Model], str]]:
    model = _model(entry.record_type)
    if model is not None and not entry.label:
        yield model, entry.record_id
    for name, values in entry.changes.items():
        field = _field(entry.record_type, name)
        if isinstance(field, ForeignKey):
            yield from ((field.related_model, str(value)) for value in values if value is not None)


def _model(record_type: str) -> type[Model] | None:
    try:
        return apps.get_model(record_type)
    except (LookupError, ValueError):  # a kind of record that is no more
        return None


def _named_by(model: type[Model]) -> str | None:
    """The column that everybody knows a record by; none of them is a name of somebody in hiding."""
    if model is User:
        return "name"
    return "code" if any(field.name == "code" for field in model._meta.concrete_fields) else None


def written(entry: TrailEntry, longest: int | None = None, names: Names | None = None) -> str:
    """The columns of a written row: of a new one their values, else from what to what.

    `names`: of the records it points to, which else stand there by their keys.
    """
    lines = []
    told = (one for one in sorted(entry.changes.items()) if one[0] not in ("id", "uuid"))
    for name, (old, new) in told:
        field = _field(entry.record_type, name)
        label = _label(field, name)
        before, after = (_value(field, value, longest, names or {}) for value in (old, new))
        lines.append(
            f"{label}: {after}" if entry.operation == Operation.INSERT else f"{label}: {before} → {after}"
        )
    return "; ".join(lines)


def role_name(role: str) -> str:
    """The role that proved to be there; else the database's own: if not the app's, somebody's hand."""
    if role == connection.settings_dict["USER"]:
        return now("nobody logged in")
    return str(dict(RoleName.choices).get(role, role))


def _field(subject_type: str, name: str) -> Field | None:
    subject_type, name = TOLD_OF.get((subject_type, name), (subject_type, name))
    try:
        return apps.get_model(subject_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _label(field: Field | None, name: str) -> str:
    words = getattr(field, "verbose_name", None)
    return str(words if isinstance(words, Promise) else TOLD.get(name, name.replace("_", " ")))


def _value(field: Field | None, value: Any, longest: int | None, names: Names) -> str:
    if value in (None, ""):
        return "—"
    if value == WITHHELD:
        return now("[withheld]")
    if value == SEALED:
        return now("[sealed]")
    if isinstance(value, bool):
        return now("yes") if value else now("no")
    if isinstance(value, dict | list):
        words = json.dumps(value, ensure_ascii=False)
    elif isinstance(field, DateTimeField) and (at := parse_datetime(value)):
        words = date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    elif isinstance(field, DateField) and (day := parse_date(value)):
        words = date_format(day, "SHORT_DATE_FORMAT")
    elif isinstance(field, DateRangeField) and (span := _SPAN.fullmatch(str(value))):
        words = _span(*span.groups())
    elif isinstance(field, DecimalField) and (number := _number(value)) is not None:
        words = plain(number)
    elif isinstance(field, ForeignKey):
        words = names.get((field.related_model, str(value)), str(value))
    else:
        words = str(dict(getattr(field, "flatchoices", ())).get(value, value))
    return words if longest is None or len(words) <= longest else f"{words[:longest]}…"


def _span(first: str | None, beyond: str | None) -> str:
    """First and last day as people say them; PostgreSQL names the day after the last."""
    start = date_format(parse_date(first), "SHORT_DATE_FORMAT") if first else ""
    end = date_format(parse_date(beyond) - timedelta(days=1), "SHORT_DATE_FORMAT") if beyond else ""
    return f"{start} – {end}".strip()


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:  # an old row of a field that was another kind then
        return None
