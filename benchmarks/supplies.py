"""The stock ledger at a million movements, 200 places, 300 items: pages, logging, and sums against raw SQL.

A bare page goes through the same gate and the same base template, shows as many rows of the ledger as a plain
table of a Django template, from one statement, as many places and items to choose from where ours does, and
has as many bytes. Bare logging is a view behind the gate with one committed INSERT, on the same server, of a
row without rules.
"""

import re
import statistics
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse
from django.utils import timezone

from accounts.gate import requires
from accounts.models import User
from accounts.permissions import Right
from benchmarks.ground import database_of_its_own
from benchmarks.harness import Limit, at_depth, print_limits, say, timed
from benchmarks.ledger import Ledger, catalogues, grow
from core.identity import act_as, run_as_system
from core.lists import ROWS_A_PAGE
from supply import selectors
from supply.models import Movement
from tests import database
from tests.sessions import enter

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 25
DEPTHS = 12  # at which a page is asked in turn
PAGE, LOGGING, GROWTH, PAST_DAY, TOTALS = 2.0, 3.0, 1.3, 1.5, 1.2  # the limits, as ratios

_BARE_ROW = "INSERT INTO bench_row (item, quantity, said) VALUES (1, 0.5, 'bare')"


# --- bare pages ------------------------------------------------------------------------------------------


_BARE_ROWS = """
SELECT m.occurred_on, i.name, m.quantity, a.code, b.code, m.reason, m.document FROM supply_movement AS m
  JOIN supply_item AS i ON i.id = m.item_id JOIN supply_place AS a ON a.id = m.source_id
  JOIN supply_place AS b ON b.id = m.destination_id ORDER BY m.occurred_on DESC, m.id DESC LIMIT %s
"""
_BARE_CHOICES = (
    "SELECT id, code FROM supply_place ORDER BY kind, code",
    "SELECT id, name FROM supply_item ORDER BY kind, code",
)
_BARE_PAGE = """{% extends "base.html" %}{% block content %}
{% for choice in choices %}<select>{% for key, label in choice %}
<option value="{{ key }}">{{ label }}</option>{% endfor %}</select>{% endfor %}
<table>{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{{ words }}{% endblock %}"""


def _bare(request: HttpRequest, size: int, choices: Sequence[str] = ()) -> HttpResponse:
    def found(statement: str, *values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    shown = {"rows": found(_BARE_ROWS, ROWS_A_PAGE), "choices": [found(one) for one in choices]}
    page = engines["django"].from_string(_BARE_PAGE)
    return HttpResponse(page.render(shown | {"words": "x" * size}, request))


@requires(Right.STOCK_READ)
def bare_page_of_readers(request: HttpRequest, size: int) -> HttpResponse:
    return _bare(request, size, _BARE_CHOICES)


@requires(Right.STOCK_LOG)
def bare_page_of_loggers(request: HttpRequest, size: int) -> HttpResponse:
    return _bare(request, size)


@requires(Right.STOCK_LOG)
def bare_logging(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(_BARE_ROW)
    return HttpResponse("booked")


urlpatterns = [
    path("bare/read/<int:size>/", bare_page_of_readers),
    path("bare/log/<int:size>/", bare_page_of_loggers),
    path("bare/log/", bare_logging),
    path("", include("lfnkr.urls")),
]


# --- what is measured ------------------------------------------------------------------------------------


@dataclass
class Measured:
    """One thing beside what it is compared with, in turn. Seconds."""

    name: str
    ours: Callable[[], object]
    other: Callable[[], object]
    most: float
    times: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def take(self, depth: int = 0) -> None:
        self.times.append(timed(at_depth(depth, self.ours)))
        self.others.append(timed(at_depth(depth, self.other)))

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def ratio(self) -> float:
        return self.median / statistics.median(self.others)


class Browser:
    def __init__(self, user: User) -> None:
        self.user, self.client = user, Client(SERVER_NAME="localhost")
        enter(self.client, user)

    def page(self, address: str) -> HttpResponse:
        response = self.client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}.")
        return response


def _pages(ledger: Ledger, coordinator: Browser, field_staff: Browser) -> list[Measured]:
    movements, stock = reverse("supply:movements"), reverse("supply:start")
    today = timezone.localdate()
    since, until = today - timedelta(400), today - timedelta(370)
    pages = [
        ("shelter's stock page", field_staff, reverse("shelters:stock", args=[ledger.shelters[0].uuid])),
        ("stock of all places", coordinator, stock),
        ("movements", coordinator, movements),
        ("movements of a place", coordinator, f"{movements}?place={ledger.shelters[5].store_id}"),
        ("movements of an item", coordinator, f"{movements}?item={ledger.items[12].pk}"),
        ("movements for a reason", coordinator, f"{movements}?reason=lost"),
        ("movements of a month", coordinator, f"{movements}?since={since}&until={until}"),
    ]
    return [_page(*one) for one in pages]


def _page(name: str, browser: Browser, address: str) -> Measured:
    kind = "log" if browser.user.may(Right.STOCK_LOG) else "read"
    size = len(browser.page(address).content) - len(browser.page(f"/bare/{kind}/1/").content)
    bare = f"/bare/{kind}/{max(size, 1)}/"
    return Measured(name, lambda: browser.page(address), lambda: browser.page(bare), PAGE)


def _logging(ledger: Ledger, browser: Browser) -> Measured:
    address = reverse("shelters:log", args=[ledger.shelters[0].uuid])
    item = ledger.items[(1 * 7 + 1) % len(ledger.items)]
    today = timezone.localdate().isoformat()
    form = {"kind": "used", "line": str(item.uuid), "number": "0.5", "unit": str(item.uuid), "note": ""}

    def log() -> None:
        answer = browser.client.post(address, form | {"key": str(uuid.uuid4()), "occurred_on": today})
        if answer.status_code != 302:
            raise SystemExit(f"Logging answered {answer.status_code}.")

    return Measured("logging one movement", log, lambda: browser.client.post("/bare/log/"), LOGGING)


_PAST_DAY_SQL = """
SELECT place_id, item_id, lot_id, sum(change) FROM (
  SELECT destination_id AS place_id, item_id, lot_id, quantity AS change FROM supply_movement
   WHERE occurred_on <= %s
  UNION ALL SELECT source_id, item_id, lot_id, -quantity FROM supply_movement WHERE occurred_on <= %s
) AS changes JOIN supply_place AS place
  ON place.id = place_id AND place.kind IN ('store', 'warehouse', 'transit')
GROUP BY 1, 2, 3 HAVING sum(change) <> 0
"""
_TOTALS_SQL = """
SELECT m.item_id, r.kind, sum(m.quantity) FROM supply_movement AS m
  JOIN supply_place AS p ON p.id = m.destination_id AND p.kind = 'recipient'
  JOIN supply_recipient AS r ON r.place_id = p.id
 WHERE m.occurred_on BETWEEN %s AND %s AND m.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM supply_movement AS back WHERE back.reverses_id = m.id)
 GROUP BY 1, 2
"""


def _sums(reader: User) -> list[Measured]:
    today = timezone.localdate()
    past, first = today - timedelta(300), today - timedelta(665)

    def rows(statement: str, *values: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def on_past_day() -> list[tuple]:
        lines = selectors.stock_on(reader, past).order_by()
        return list(lines.values_list("place", "item", "lot", "quantity"))

    if len(rows(_PAST_DAY_SQL, past, past)) != len(on_past_day()):
        raise SystemExit("The stock of a past day is not what raw SQL says.")
    if len(rows(_TOTALS_SQL, first, past)) != len(selectors.delivered_by_kind(first, past)):
        raise SystemExit("The totals of a year are not what raw SQL says.")
    return [
        Measured(
            "stock of all places on a past day",
            on_past_day,
            lambda: rows(_PAST_DAY_SQL, past, past),
            PAST_DAY,
        ),
        Measured(
            "a year's totals by item and kind of recipient",
            lambda: selectors.delivered_by_kind(first, past),
            lambda: rows(_TOTALS_SQL, first, past),
            TOTALS,
        ),
    ]


# --- measuring -------------------------------------------------------------------------------------------


def measure(things: list[Measured], rounds: int) -> None:
    for thing in things:
        thing.take()  # warms the caches
        thing.times.clear()
        thing.others.clear()
    for number in range(rounds):
        say(f"Round {number + 1} of {rounds} …")
        for thing in things:
            thing.take(number % DEPTHS * 3)


def explain(thing: Measured, user: User | None) -> None:
    """The slowest statement of what is beyond its limit, and how the database carries it out."""
    with CaptureQueriesContext(connection) as captured:
        thing.ours()
        slowest = max(captured.captured_queries, key=lambda query: float(query["time"]))
    print(f"\n{thing.name}: {slowest['time']} s for\n{slowest['sql'][:600]}")
    if not slowest["sql"].lstrip("(").startswith("SELECT"):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if user is not None:
            act_as(user)
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + slowest["sql"])
        plan = [row[0] for row in cursor.fetchall()]
    # The questions of the row policies that were never asked fill pages.
    print("\n".join(line for line in plan if not re.search("InitPlan|never executed|Result", line)))


def _make_bare_table(name: str) -> None:
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (id bigserial PRIMARY KEY, item bigint, quantity numeric, said text)"
        )
        cursor.execute("GRANT INSERT ON bench_row TO PUBLIC; GRANT USAGE ON bench_row_id_seq TO PUBLIC")


def run() -> bool:
    with database_of_its_own() as name, override_settings(ROOT_URLCONF="benchmarks.supplies"):
        _make_bare_table(name)
        ledger = catalogues()
        coordinator, field_staff = Browser(ledger.coordinator), Browser(ledger.field)
        grow(name, ledger, SMALL)
        small = _pages(ledger, coordinator, field_staff)
        measure(small, ROUNDS)
        run_as_system()
        grow(name, ledger, LARGE)
        pages = _pages(ledger, coordinator, field_staff)
        logging = _logging(ledger, field_staff)
        measure([*pages, logging], ROUNDS)
        run_as_system()
        sums = _sums(ledger.coordinator)
        measure(sums, max(ROUNDS // 5, 3))
        return _told(ledger, small, pages, [logging, *sums])


def _told(ledger: Ledger, small: list[Measured], pages: list[Measured], rest: list[Measured]) -> bool:
    everything = [*pages, *rest]
    print(f"\n{Movement.objects.count():,} movements; medians in ms, ours and what it is compared with")
    for thing in (*small, *everything):
        others = statistics.median(thing.others) * 1000
        print(f"{thing.name:50} {thing.median * 1000:9.1f} {others:9.1f}")
    limits = [Limit(thing.name, thing.ratio, thing.most, "×") for thing in everything]
    # The machine may be busier at one time than at the other: what a bare page took then tells.
    limits += [
        Limit(f"{large.name}: {LARGE:,} rows against {SMALL:,}", large.ratio / less.ratio, GROWTH, "×")
        for less, large in zip(small, pages, strict=True)
    ]
    kept = print_limits("The stock ledger", limits)
    for thing in everything:
        if thing.ratio > thing.most:
            is_field = thing.name in ("shelter's stock page", "logging one movement")
            reader = ledger.field if is_field else ledger.coordinator
            explain(thing, reader if thing in pages else None)
    return kept
