"""Every way in which a row of any table can be written: added, changed, deleted, by the models and by SQL."""

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core import grants, triggers
from core.models import TrailEntry
from donations.models import Expense
from foster.models import Sponsorship
from lfnkr.walls.table import GUARDS
from tests import database
from tests import factories as f
from tests.conftest import TEST_DATABASE
from tests.database import owner_connection

TRACKED = [model for model in apps.get_models() if grants.is_ours(model) and triggers.is_tracked(model)]
MAKERS: dict[type[models.Model], Callable[[], models.Model]] = {
    thing._meta.model: thing
    for thing in vars(f).values()
    if isinstance(thing, type) and getattr(getattr(thing, "_meta", None), "model", None)
} | {
    Authenticator: lambda: f.app_of(f.UserFactory()),
    # What is still to be named of it is all that is ever written.
    Expense: lambda: f.ExpenseFactory(source="medical", source_key=uuid.uuid4(), fund=None, programme=None),
    Sponsorship: lambda: f.SponsorshipFactory(rate=None),  # nothing hangs on it: it can be taken away again
}


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def by_owner(*statements: str) -> None:
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@dataclass
class Written:
    """One row, and everything needed to write it again in another way."""

    row: models.Model

    @property
    def model(self) -> type[models.Model]:
        return type(self.row)

    @property
    def table(self) -> str:
        return f'"{self.model._meta.db_table}"'

    @property
    def here(self) -> str:
        value = str(self.row.pk).replace("'", "")
        return f"\"{self.model._meta.pk.column}\" = '{value}'"

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def columns(self) -> str:
        return ", ".join(f'"{field.column}"' for field in self.model._meta.concrete_fields)

    def fields(self, change: "Change") -> list[models.Field]:
        return [field for field in self.model._meta.concrete_fields if field.attname in change]

    def settings(self, change: "Change") -> str:
        return ", ".join(f'"{self.model._meta.get_field(name).column}" = %s' for name in change)

    def state(self) -> str | None:
        """The whole row as the database has it; None: there is none."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {self.table} AS t WHERE {self.here}")
            found = cursor.fetchone()
        return found and found[0]

    def lines(self) -> str:
        """The row as COPY writes it."""
        out = io.StringIO()
        with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
            cursor.copy_expert(
                f"COPY (SELECT {self.columns} FROM {self.table} WHERE {self.here}) TO STDOUT", out
            )
        return out.getvalue()

    def rows(self) -> models.QuerySet:
        return self.model._base_manager.filter(pk=self.row.pk)


# --- adding ---------------------------------------------------------------------------------------------


def by_save(written: Written, _kept: dict) -> None:
    written.row.save(force_insert=True)


def by_bulk_create(written: Written, _kept: dict) -> None:
    written.model._base_manager.bulk_create([written.row])


def by_insert(written: Written, kept: dict) -> None:
    run(
        f"INSERT INTO {written.table} ({written.columns}) "
        f"SELECT {written.columns} FROM jsonb_populate_record(NULL::{written.table}, %s::jsonb)",
        kept["state"],
    )


def by_copy(written: Written, kept: dict) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {written.table} ({written.columns}) FROM STDIN", io.StringIO(kept["lines"]))


ADDING = {"save": by_save, "bulk_create": by_bulk_create, "INSERT": by_insert, "COPY": by_copy}


# --- changing -------------------------------------------------------------------------------------------

Change = dict[str, Any]  # column of the model → value


def likely_changes(row: models.Model) -> Iterator[Change]:
    """Other values that a row could take, likely ones first."""
    if hasattr(row, "lifted_at"):  # of a lock-down its end alone is ever written
        yield {"lifted_at": timezone.now(), "lifted_by_id": f.UserFactory().pk, "lift_reason": "it is safe"}
    for field in sorted(row._meta.concrete_fields, key=lambda one: (one.is_relation, bool(one.choices))):
        value = getattr(row, field.attname)
        if not field.primary_key and field.name not in ("uuid", *triggers.PULSE):
            yield from ({field.attname: other} for other in _others(field, value))


def _others(field: models.Field, value: Any) -> Iterator[Any]:
    match field:
        case models.ForeignKey():
            yield MAKERS[field.related_model]().pk
        case models.Field() if field.choices:
            yield from (choice for choice, _label in field.flatchoices if choice != value)
        case models.CharField() | models.TextField():
            yield f"{value[:5]}x"
        case models.BooleanField():
            yield not value
        case models.IntegerField() | models.DecimalField() if value is not None:
            yield from (value + 1, value - 1)
        case DateRangeField() if value is not None:
            yield DateRange(value.lower, (value.upper or value.lower) + timedelta(days=9))
        case models.DateField() if value is not None:  # moments too
            yield from (value + timedelta(days=1), value - timedelta(days=1), value.replace(month=1, day=1))


def a_change(written: Written) -> Change | None:
    """One that the database takes; None: it takes none."""
    before = written.state()
    for change in likely_changes(written.row):
        try:
            with transaction.atomic():
                written.rows().update(**change)
                is_taken = written.state() != before
                transaction.set_rollback(True)
        except DatabaseError:
            continue
        if is_taken:
            return change
    return None


def change_by_save(written: Written, change: Change) -> None:
    row = written.rows().get()
    for name, value in change.items():
        setattr(row, name, value)
    row.save()


def change_by_update(written: Written, change: Change) -> None:
    written.rows().update(**change)


def change_by_bulk_update(written: Written, change: Change) -> None:
    row = written.rows().get()
    for name, value in change.items():
        setattr(row, name, value)
    written.model._base_manager.bulk_update([row], [field.name for field in written.fields(change)])


def change_by_update_or_create(written: Written, change: Change) -> None:
    written.model._base_manager.update_or_create(pk=written.row.pk, defaults=change)


def change_by_sql(written: Written, change: Change) -> None:
    run(f"UPDATE {written.table} SET {written.settings(change)} WHERE {written.here}", *change.values())


def change_by_upsert(written: Written, change: Change) -> None:
    run(
        f"INSERT INTO {written.table} ({written.columns}) "
        f"SELECT {written.columns} FROM {written.table} WHERE {written.here} "
        f'ON CONFLICT ("{written.model._meta.pk.column}") DO UPDATE SET {written.settings(change)}',
        *change.values(),
    )


CHANGING = {
    "save": change_by_save,
    "update": change_by_update,
    "bulk_update": change_by_bulk_update,
    "update_or_create": change_by_update_or_create,
    "UPDATE": change_by_sql,
    "INSERT … ON CONFLICT": change_by_upsert,
}

# --- deleting -------------------------------------------------------------------------------------------


def delete_by_model(written: Written) -> None:
    written.rows().delete()


def delete_by_sql(written: Written) -> None:
    run(f"DELETE FROM {written.table} WHERE {written.here}")


def delete_by_owner(written: Written) -> None:
    """The owner can lift every other rule; here the trail alone stays on."""
    by_owner(
        f"ALTER TABLE {written.table} DISABLE TRIGGER USER",
        f"ALTER TABLE {written.table} ENABLE TRIGGER trail",
        f"DELETE FROM {written.table} WHERE {written.here}",
        f"ALTER TABLE {written.table} ENABLE TRIGGER USER",
    )


DELETING = {"delete": delete_by_model, "DELETE": delete_by_sql}

# --- all of them ----------------------------------------------------------------------------------------

WAYS = (
    [("insert", way) for way in ADDING]
    + [("update", way) for way in CHANGING]
    + [("delete", way) for way in (*DELETING, "DELETE as the owner")]
)


def is_refused(model: type[models.Model], operation: str, way: str) -> bool:
    """Whether the app's role may not write so, by what the model and its row policies say."""
    match operation, way:
        case "insert", "COPY":
            return model._meta.label in GUARDS  # PostgreSQL copies nothing into a table with row policies
        case "update", _:
            return getattr(model, "append_only", False)
        case "delete", "delete" | "DELETE":
            return not getattr(model, "deletable", False) and model._meta.app_label in settings.HOUSE_APPS
    return False


def a_row_of(model: type[models.Model]) -> Written:
    try:
        made = MAKERS[model]()
    except IntegrityError:  # what a table before it left behind
        database.empty(TEST_DATABASE)
        made = MAKERS[model]()
    return Written(model._base_manager.get(pk=made.pk))


@dataclass
class Told:
    """What came of one way to write one row: whether it was written, and the entries it left."""

    is_written: bool
    entries: int
    operation: str = ""


def told_of(written: Written, write: Callable[[], None], *, stays: bool) -> Told:
    """`stays`: the row is not put back as it was."""
    before, last = written.state(), TrailEntry.objects.order_by("id").last()
    try:
        with transaction.atomic():
            write()
            is_written = written.state() != before
            news = TrailEntry.objects.filter(id__gt=last.id if last else 0, record_type=written.label)
            told = Told(is_written, len(news), news[0].operation if news else "")
            transaction.set_rollback(not stays)
    except DatabaseError:
        return Told(is_written=False, entries=0)
    return told


def every_change(written: Written) -> Iterator[tuple[str, Told]]:
    """Way, and what came of it; the row is as it was at the end."""
    change = a_change(written)
    for way, write in CHANGING.items():
        told = Told(is_written=False, entries=0)
        if change:
            told = told_of(written, partial(write, written, change), stays=False)
        yield way, told


def every_way(written: Written) -> Iterator[tuple[str, str, Told]]:
    """Operation, way, and what came of it. The row is taken away again before each way to add it."""
    for way, told in every_change(written):
        yield "update", way, told
    for way, delete in DELETING.items():
        yield "delete", way, told_of(written, partial(delete, written), stays=False)
    kept = {"state": written.state(), "lines": written.lines()}
    for way, add in ADDING.items():
        yield "delete", "DELETE as the owner", told_of(written, partial(delete_by_owner, written), stays=True)
        yield "insert", way, told_of(written, partial(add, written, kept), stays=True)
