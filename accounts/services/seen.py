"""What people opened: asked for on the day when a log-in falls into wrong hands."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts.models import AccessEntry, ExportEntry, User
from core.models import Record


# Without a savepoint: one statement, and the page fails when its row cannot be written.
@transaction.atomic(savepoint=False)
def note_seen(*, by: User, records: Iterable[Record]) -> None:
    """The page or file of these records was opened; one row a person, record and day, so it is cheap."""
    entries = [
        AccessEntry(
            by=by,
            subject_type=record._meta.label_lower,
            subject_uuid=record.uuid,
            subject_label=str(record)[:200],
        )
        for record in records
    ]
    AccessEntry.objects.bulk_create(entries, ignore_conflicts=True)


@transaction.atomic(savepoint=False)
def note_export(
    *, by: User, register: str, subject_type: str, file_format: str, filters: Iterable[str],
    row_count: int, rows: Iterable[UUID],
) -> None:  # fmt: skip
    """A register was taken away as a file. `filters`: names of those that were set, no values."""
    ExportEntry.objects.create(
        by=by,
        register=register[:200],
        subject_type=subject_type,
        file_format=file_format,
        filters=sorted(filters),
        row_count=row_count,
        rows=list(rows),
    )
