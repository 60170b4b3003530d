"""What a log-in could see and did see: the report for the day when it falls into wrong hands.

Each app declares its kinds of records (settings.EXPOSURE, the most dangerous first), because this one stands
below them all. Codes alone come out, never a value.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import selectors
from accounts.enums import Outcome, RoleName
from accounts.models import AccessEntry, ExportEntry, RevealEntry, User
from accounts.openings import sealed_columns
from accounts.permissions import Right
from accounts.roles import rights_of
from accounts.trail import field_name, filter_names, kind_of
from core.files import Sheet
from core.leaks.cells import Kind as Cells
from core.models import AuditEntry

CODES_ON_PAPER = 200  # of one kind; the file has them all


@dataclass(frozen=True)
class Sight:
    """An account on some days, both inside: in one of the roles it had, and as if it were open."""

    user: User
    first: date
    last: date


@dataclass(frozen=True)
class Item:
    """A record by its code. `days`: on how many it could be seen, None for all of them.

    `place`: code of the shelter where it is now. `is_close`: to be warned of even when nothing shows that it
    was looked at. `name`: of a person who logs in, for the screen; paper and file have the code, an initial.
    """

    uuid: UUID
    code: str
    days: int | None = None
    place: str = ""
    is_close: bool = True
    name: str = ""


@dataclass(frozen=True)
class Kind:
    """`reach`: what an account could see. `whom`: record → who is to be called; None: nobody is warned."""

    model: str
    label: Promise
    reach: Callable[[Sight], list[Item]]
    whom: Callable[[Iterable[UUID]], dict[UUID, list[User]]] | None = None


@dataclass
class Trace:
    """What the log shows of one record."""

    code: str = ""
    days_seen: int = 0
    last_seen_at: datetime | None = None
    files: int = 0
    openings: list[RevealEntry] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        return [*self._opened(), *self.looked]

    def _opened(self) -> list[str]:
        if not self.openings:
            return []
        times, last = len(self.openings), moment(self.openings[0].at)
        words = ngettext("opened, last %(last)s", "opened %(times)s times, last %(last)s", times)
        return [words % {"times": times, "last": last}]

    @property
    def looked(self) -> list[str]:
        """Without what was opened."""
        words = []
        if self.days_seen:
            on_days = ngettext("looked at on %(days)s day", "looked at on %(days)s days", self.days_seen)
            words.append(on_days % {"days": self.days_seen})
        if self.files:
            in_files = ngettext("in %(files)s file taken away", "in %(files)s files taken away", self.files)
            words.append(in_files % {"files": self.files})
        return words


@dataclass(frozen=True)
class Line:
    """One record to warn of: why, and who is to be called."""

    kind: Kind
    item: Item
    trace: Trace
    whom: list[User]

    @property
    def why(self) -> list[str]:
        return [*self.trace.told, *filter(None, [days_told(self.item)])] or [now("could see it")]

    @property
    def initials(self) -> list[str]:
        """As on paper."""
        return [initial_of(person.name) for person in self.whom]


def days_told(item: Item) -> str:
    if item.days is None:
        return ""
    posted = ngettext("posted there %(days)s day", "posted there %(days)s days", item.days)
    return posted % {"days": item.days}


def moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


@dataclass(frozen=True)
class Reach:
    """One kind of records. `opens`: names of the sealed fields that the account had the right to open."""

    kind: Kind
    items: list[Item]
    opens: list[str]
    traces: dict[UUID, Trace]

    @property
    def count(self) -> int:
        return len(self.items)

    @property
    def first_items(self) -> list[Item]:
        return self.items[:CODES_ON_PAPER]

    @property
    def left_out(self) -> int:
        return max(self.count - CODES_ON_PAPER, 0)

    @cached_property
    def seen(self) -> list[tuple[Item, Trace]]:
        """What the log knows of, by code; also what the account could no longer see."""
        known = {item.uuid: item for item in self.items}
        gone = {uuid: Item(uuid, trace.code or str(uuid)[:8]) for uuid, trace in self.traces.items()}
        found = [(known.get(uuid, gone[uuid]), trace) for uuid, trace in self.traces.items()]
        return sorted(found, key=lambda pair: pair[0].code)

    def lines(self, person: User) -> list[Line]:
        """Without the person themselves: it is not them who are called."""
        if self.kind.whom is None:
            return []
        found = {item.uuid: item for item in self.items if item.is_close}
        found |= {item.uuid: item for item, _trace in self.seen}
        whom = self.kind.whom(list(found))
        lines = []
        for uuid, item in found.items():
            others = [one for one in whom.get(uuid, []) if one.pk != person.pk]
            lines.append(Line(self.kind, item, self.traces.get(uuid, Trace(item.code)), others))
        return lines


@dataclass(frozen=True)
class Exposure:
    """The whole report: `kinds` in order of danger; `reveals` and `exports`, newest first."""

    person: User
    first: date
    last: date
    kinds: list[Reach]
    reveals: list[RevealEntry]
    exports: list[ExportEntry]

    @cached_property
    def steps(self) -> list[tuple[Any, list[Line]]]:
        """Who is to be warned, in order: what was opened first, then kind by kind."""
        lines = [line for reach in self.kinds for line in reach.lines(self.person)]
        steps = [(_("Opened: addresses, names, drop points"), [one for one in lines if one.trace.openings])]
        for reach in self.kinds:
            rest = [one for one in lines if one.kind is reach.kind and not one.trace.openings]
            steps.append((reach.kind.label, sorted(rest, key=_least_seen_last)))
        return [(title, found) for title, found in steps if found]

    @property
    def initial(self) -> str:
        return initial_of(self.person.name)

    @property
    def openings(self) -> list[tuple[RevealEntry, str]]:
        return [(entry, field_name(entry.subject_type, entry.field)) for entry in self.reveals]

    @property
    def files(self) -> list[tuple[ExportEntry, str, str]]:
        """Each with its kind of record, and the filters that were set."""
        return [(entry, kind_of(entry), ", ".join(filter_names(entry))) for entry in self.exports]

    @property
    def looked_at(self) -> list[tuple[Any, Item, Trace]]:
        return [
            (reach.kind.label, item, trace)
            for reach in self.kinds
            for item, trace in reach.seen
            if trace.looked
        ]


def _least_seen_last(line: Line) -> tuple:
    return (-line.trace.days_seen - line.trace.files, line.item.place, line.item.code)


def kinds() -> list[Kind]:
    return [import_string(name) for name in settings.EXPOSURE]


def exposure_of(person: User, *, first: date, last: date) -> Exposure:
    """For who may read it, where the database shows what the scope EXPOSURE does."""
    # A passage of the leak guard shows a sealed value as well.
    opened = RevealEntry.objects.filter(by=person, outcome__in=(Outcome.OPENED, Outcome.PASSAGE))
    reveals = list(opened.filter(at__date__range=(first, last)))
    exports = list(ExportEntry.objects.filter(by=person, at__date__range=(first, last)))
    traces = _traces(person, first, last, reveals, exports)
    roles = roles_held(person, first)
    found = [_reach(kind, person, roles, first, last, traces[kind.model]) for kind in kinds()]
    return Exposure(person, first, last, found, reveals, exports)


def roles_held(person: User, since: date) -> list[str]:
    """The role now and each that was given up since that day."""
    entries = AuditEntry.objects.filter(subject_uuid=person.uuid, at__date__gte=since)
    changes = entries.filter(changes__has_key="role").values_list("changes", flat=True)
    former = [changed["role"][0] for changed in changes]
    return [person.role, *{role for role in former if role in RoleName.values and role != person.role}]


def _reach(
    kind: Kind, person: User, roles: list[str], first: date, last: date, traces: dict[UUID, Trace]
) -> Reach:
    items: dict[UUID, Item] = {}
    for role in roles:
        stand_in = copy(person)  # its log-in may be closed by now; what counts is what it could do
        stand_in.role, stand_in.is_active = role, True
        for item in kind.reach(Sight(stand_in, first, last)):
            items.setdefault(item.uuid, item)
    rights = {right for role in roles for right in rights_of(role)}
    return Reach(kind, sorted(items.values(), key=lambda item: item.code), _opens(kind, rights), traces)


def _opens(kind: Kind, rights: set[Right]) -> list[str]:
    sealed = sealed_columns(apps.get_model(kind.model))
    return [str(column.verbose_name) for column in sealed if Right(column.right) in rights]


def _traces(
    person: User, first: date, last: date, reveals: list[RevealEntry], exports: list[ExportEntry]
) -> dict[str, dict[UUID, Trace]]:
    """Kind of record → record → what the log shows of it."""
    found: dict[str, dict[UUID, Trace]] = defaultdict(lambda: defaultdict(Trace))
    for row in _seen(person, first, last):
        trace = found[row["subject_type"]][row["subject_uuid"]]
        trace.code, trace.days_seen, trace.last_seen_at = row["code"], row["days"], row["newest"]
    for reveal in reveals:
        trace = found[reveal.subject_type][reveal.subject_uuid]
        trace.code = trace.code or reveal.subject_label
        trace.openings.append(reveal)
    for export in exports:
        for uuid in export.rows:
            found[export.subject_type][uuid].files += 1
    return found


def _seen(person: User, first: date, last: date) -> QuerySet:
    entries = AccessEntry.objects.filter(by=person, day__range=(first, last)).order_by()
    return entries.values("subject_type", "subject_uuid").annotate(
        code=Max("subject_label"), days=Count("pk"), newest=Max("at")
    )


# --- as a file -------------------------------------------------------------------------------------------


def sheet_of(report: Exposure) -> Sheet:
    """Codes and initials alone: to warn of, opened, taken away, looked at, in reach."""
    columns = {
        now("part"): Cells.OWN_WORDS,
        now("kind of record"): Cells.OWN_WORDS,
        now("code"): Cells.CODE,
        now("where"): Cells.CODE,
        now("detail"): Cells.FREE,
        now("who to call"): Cells.NAME,  # initials of staff
    }
    kind, rows = User._meta.label_lower, list(_rows(report))
    return Sheet(
        name=f"{now('exposure')} {report.last}",
        text_type=kind,
        subject_type=kind,
        headings=list(columns),
        kinds=list(columns.values()),
        rows=rows,
        records=[report.person.uuid] if rows else [],
        filters=["days"],
    )


def _rows(report: Exposure) -> Iterator[list[str]]:
    for title, lines in report.steps:
        for line in lines:
            why, who = ", ".join(line.why), " ".join(line.initials)
            yield _row(now("to warn"), title, line.item.code, line.item.place, why, who)
    for reveal in report.reveals:
        detail = f"{moment(reveal.at)} {field_name(reveal.subject_type, reveal.field)}"
        yield _row(now("opened"), kind_of(reveal), reveal.subject_label, "", detail)
    for export in report.exports:
        detail = ", ".join(
            [f"{moment(export.at)} {export.file_format}", str(export.row_count), *filter_names(export)]
        )
        yield _row(now("taken away"), kind_of(export), export.register, "", detail)
    for kind, item, trace in report.looked_at:
        yield _row(now("looked at"), kind, item.code, item.place, ", ".join(trace.looked))
    for reach in report.kinds:
        for item in reach.items:
            yield _row(now("could see"), reach.kind.label, item.code, item.place, days_told(item))


def _row(part: str, kind: Any, code: str, place: str, detail: str, who: str = "") -> list[str]:
    return [str(cell) for cell in (part, kind, code, place, detail, who)]


# --- the kinds of this app, and whom the others call -----------------------------------------------------


def call(*roles: str) -> Callable[[Iterable[UUID]], dict[UUID, list[User]]]:
    """Whoever has one of these roles answers for every record."""

    def whom(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
        people = list(selectors.people().filter(role__in=roles, is_active=True))
        return dict.fromkeys(uuids, people)

    return whom


def listed(records: QuerySet, *, is_close: bool = True) -> list[Item]:
    """Records with a code as items."""
    return [Item(uuid, code, is_close=is_close) for uuid, code in records.values_list("uuid", "code")]


def _people(sight: Sight) -> list[Item]:
    found = selectors.people_visible_to(sight.user)
    return [Item(uuid, initial_of(name), name=name) for uuid, name in found.values_list("uuid", "name")]


def initial_of(name: str) -> str:
    """A colleague on paper: enough for who knows them, nothing for who finds the sheet."""
    return f"{name.strip()[:1]}."


PEOPLE = Kind("accounts.user", _("people who log in"), _people, call(RoleName.ADMINISTRATOR))
