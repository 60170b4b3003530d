"""The logs as a whole: their running digest, and whether they still give it.

A digest goes over every row of every log up to a moment, on top of the digest before. Who owns the database
can rewrite a log and every digest in it; not the digest that somebody keeps elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

from core.models import TrailDigest


@dataclass(frozen=True)
class Kept:
    """A digest as it was written down elsewhere."""

    number: int
    digest: str


def log_tables() -> list[str]:
    """Every table that is a log, but for the digests themselves; in the order in which they are hashed."""
    logs = (
        model for model in apps.get_models() if getattr(model, "is_log", False) and model is not TrailDigest
    )
    return sorted(model._meta.db_table for model in logs)


@transaction.atomic
def take_digest() -> TrailDigest:
    """Waits for entries that are just being written; none can turn up later below what it covers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_take_digest(%s)", [log_tables()])
        return TrailDigest.objects.get(pk=cursor.fetchone()[0])


def line_of(digest: TrailDigest) -> str:
    """What to keep elsewhere: number, moment, rows covered, digest."""
    rows = sum(part["rows"] for part in digest.covers.values())
    return f"{digest.pk} {digest.at:%Y-%m-%dT%H:%M:%SZ} {rows} {digest.digest}"


def kept_from(text: str) -> list[Kept]:
    """Lines of `line_of`. Raises ValueError, naming the line that is none."""
    found = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        words = line.split()
        if len(words) != 4 or not words[0].isdecimal() or len(words[3]) != 64:
            raise ValueError(f"Line {number} is no digest: it should read “number time rows digest”.")
        found.append(Kept(int(words[0]), words[3]))
    return found


def broken_digests() -> list[int]:
    """Numbers of the digests that the logs no longer give."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_broken_digests()")
        return [row[0] for row in cursor.fetchall()]


def differing(kept: Iterable[Kept]) -> list[int]:
    """Numbers of kept digests that the database no longer has, or has otherwise."""
    there = dict(TrailDigest.objects.values_list("pk", "digest"))
    return [one.number for one in kept if there.get(one.number) != one.digest]
