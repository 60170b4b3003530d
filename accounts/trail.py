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
from django.utils.timezone import localtime
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from accounts.enums import SYSTEM_NAME, RoleName
from accounts.models import ExportEntry, User
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

# Without their app: what was done to which kind of record stands beside it.
VERBS = {
    "added": _("added"),
    "allowance_taken_back": _("taken back"),
    "arrived": _("arrived"),
    "called_off": _("called off"),
    "changed": _("changed"),
    "changed_resident": _("changed"),
    "completed": _("completed"),
    "counted": _("counted"),
    "delivered": _("delivered"),
    "device_ended": _("logged out on one device"),
    "donor": _("added"),
    "draft_started": _("draft started"),
    "drafted": _("drafted"),
    "dues_made": _("dues made"),
    "evacuation_finished": _("evacuation finished"),
    "evacuation_started": _("evacuation started"),
    "expected": _("expected"),
    "exported": _("exported"),
    "factor_added": _("way to log in added"),
    "factor_removed": _("way to log in removed"),
    "imported": _("imported"),
    "invitation_sent": _("invitation sent"),
    "invited": _("invited"),
    "keys_rotated": _("keys changed"),
    "language": _("language chosen"),
    "handed_over": _("handed on to another shelter"),
    "guessed": _("typed a name that nobody has"),
    "lock_down_lifted": _("lock-down lifted"),
    "locked_down": _("locked down"),
    "left": _("left"),
    "link_made": _("link to log in made"),
    "link_used": _("logged in by a link"),
    "logged_in": _("logged in"),
    "logged_out": _("logged out everywhere"),
    "lost": _("lost"),
    "moved": _("moved"),
    "panicked": _("left everything at once"),
    "password": _("password changed"),
    "password_link_sent": _("link for a password sent"),
    "payments_allocated": _("payments allocated"),
    "forgotten": _("forgotten for ever"),
    "opening_agreed": _("agreed as the second person"),
    "opening_declined": _("declined as the second person"),
    "photo_added": _("photo added"),
    "photo_removed": _("photo taken out"),
    "place_written": _("address sealed anew"),
    "posted": _("posted"),
    "posting_ended": _("posting ended"),
    "place_made": _("place made"),
    "reached": _("reached by word of mouth"),
    "read": _("read"),
    "received": _("received"),
    "recorded": _("recorded"),
    "recovery_code_used": _("recovery code used"),
    "recovery_codes_made": _("recovery codes made"),
    "refunded": _("refunded"),
    "reminded": _("reminded"),
    "reminders_begun": _("reminders started"),
    "reminders_chosen": _("reminders chosen"),
    "reversed": _("taken back"),
    "sample_factors": _("second factors of the sample set"),
    "sample_password": _("password of the sample set"),
    "sample_photo": _("photo of the sample added"),
    "sealed": _("sealed"),
    "second_person_off": _("second person for addresses switched off"),
    "second_person_on": _("second person for addresses switched on"),
    "section_edited": _("section edited"),
    "seeds_resealed": _("second factors sealed anew"),
    "sent_again": _("sent again"),
    "set_aside": _("set aside"),
    "started_over": _("second factor and password made void"),
    "state_said": _("state changed"),
    "transferred": _("transferred"),
    "update_changed": _("changed"),
    "finding_settled": _("leak finding settled"),
    "many_findings": _("many leak findings within an hour"),
    "update_sent_back": _("sent back"),
    "update_published": _("published"),
    "update_sent_to_review": _("sent to review"),
    "update_withdrawn": _("withdrawn"),
    "update_written": _("written"),
    "used": _("used"),
    "written_down": _("written down"),
    "alert_cleared": _("alert cleared"),
    "alert_opened": _("alert opened"),
    "case_closed": _("case closed"),
    "case_cost": _("cost added"),
    "case_opened": _("case opened"),
    "case_supplied": _("medicine or kit handed out"),
    "clothing_given": _("clothing given"),
    "treatment": _("treatment changed"),
    "confirmed": _("confirmed by the receiver"),
    "cost": _("cost added"),
    "confirmation_taken_back": _("receiver's word taken back"),
    "cost_taken_back": _("cost taken back"),
    "count_again": _("to be counted again"),
    "count_begun": _("count begun"),
    "count_finished": _("count finished"),
    "count_handed_in": _("count handed in"),
    "count_set_aside": _("count set aside"),
    "ended": _("ended"),
    "incident_effect": _("effect recorded"),
    "incident_note": _("timeline gone on"),
    "incident_paid": _("payment recorded"),
    "item_changed": _("item changed"),
    "ledger_checked": _("ledger checked"),
    "level_set": _("minimum set"),
    "made": _("made"),
    "month_closed": _("month closed"),
    "month_reopened": _("month opened again"),
    "ration_set": _("ration set"),
    "site_added": _("site added"),
    "site_changed": _("site changed"),
    "site_ended": _("last day of a site set"),
    "status": _("state changed"),
    "target": _("target set"),
}


# What a service tells of a change beside the fields of the record.
TOLD = {
    "device": _("device"),
    "devices": _("devices"),
    "dues": _("dues"),
    "factor": _("way to log in"),
    "keys": _("keys"),
    "lines": _("lines"),
    "month": _("month"),
    "photo": _("photo"),
    "sections": _("sections"),
    "seeds": _("second factors"),
    "wrapped_by": _("locked by key"),
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


def writer(name: str) -> str:
    """Who wrote it, as a log names them."""
    return now("System") if name == SYSTEM_NAME else name


def role_name(role: str) -> str:
    """The role that proved to be there; else the database's own: if not the app's, somebody's hand."""
    if role == connection.settings_dict["USER"]:
        return now("nobody logged in")
    return str(dict(RoleName.choices).get(role, role))


def _field(subject_type: str, name: str) -> Field | None:
    try:
        return apps.get_model(subject_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _label(field: Field | None, name: str) -> str:
    return str(TOLD.get(name) or getattr(field, "verbose_name", name.replace("_", " ")))


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
