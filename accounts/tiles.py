"""What start pages tell a person first: who waits for them as the second, and findings that wait."""

from datetime import datetime
from functools import cached_property

from django.db.models import BigIntegerField, CharField, DateTimeField, QuerySet, Value

from accounts import openings
from accounts.models import RevealRequest, User
from accounts.permissions import Right
from accounts.selectors import leak_findings, open_findings
from core.prepared import Asked, Prepared

OPENING, FINDING = "opening", "finding"


def _kinds_of(what: str, waiting: QuerySet) -> QuerySet:
    label = Value(what, output_field=CharField())
    return waiting.order_by().values_list(label, "subject_type", "field")


def _all_kinds() -> QuerySet:
    asked = Asked("user", BigIntegerField()), Asked("now", DateTimeField())
    requests = _kinds_of(OPENING, openings.waiting_of_others(*asked))
    return requests.union(_kinds_of(FINDING, open_findings()))


_ALL_KINDS: Prepared = Prepared(_all_kinds)


class Tiles:
    """On most days nothing waits for most people: one cheap statement says so for all tiles of a page.

    It may ask too widely, never too narrowly; what is shown is chosen by right and by door as ever.
    """

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now

    @cached_property
    def waiting(self) -> list[RevealRequest]:
        """What this person may agree to or decline now."""
        # Who settles no findings has this tile alone: asking first would be a statement more.
        if self.user.may(Right.LEAKS_SETTLE) and not self._kinds[OPENING]:
            return []
        return openings.waiting_for(self.user, self.now)

    @cached_property
    def findings(self) -> int:
        """How many findings of the leak guard this person may settle."""
        kinds = self._kinds[FINDING]
        return leak_findings(self.user, kinds).count() if kinds else 0

    @cached_property
    def _kinds(self) -> dict[str, set[tuple[str, str]]]:
        """What waits → (kind of record, its field), whoever may see it."""
        found: dict[str, set[tuple[str, str]]] = {OPENING: set(), FINDING: set()}
        if not self.user.may(Right.LEAKS_SETTLE):
            return found
        for what, subject_type, field in _ALL_KINDS.rows(user=self.user.pk, now=self.now):
            found[what].add((subject_type, field))
        return found
