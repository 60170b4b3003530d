"""The stock ledger at a million movements, 200 places, 300 items: pages, logging, and sums against raw SQL.

Pages and logging are asked over HTTP, at one web server as production has it, in turn with their bare twins
(`benchmarks.bare`).
"""

import re
import statistics
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.ground import database_of_its_own
from benchmarks.harness import Limit, print_limits, say, timed
from benchmarks.ledger import Ledger, catalogues, grow
from benchmarks.web import Browser, served
from core.identity import act_as, run_as_system
from supply import selectors
from supply.models import Movement
from tests import database

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 25
DEPTHS = 12  # at which a page is asked in turn
# Each of the web server's four threads has a connection, and PostgreSQL plans what it keeps prepared there
# five times before it has one plan for all values: a server that runs since an hour is measured.
WARM_UP = 24
PAGE, LOGGING, GROWTH, PAST_DAY, TOTALS = 2.0, 3.0, 1.3, 1.5, 1.2  # the limits, as ratios

# --- what is measured ------------------------------------------------------------------------------------


@dataclass
class Measured:
    """One thing beside what it is compared with, in turn. Seconds."""

    name: str
    ours: Callable[[int], object]
    other: Callable[[int], object]
    most: float
    asked: Callable[[], object]  # `ours` without a web server between, to see what it asks the database
    warm_up: int = 1
    times: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def take(self, depth: int = 0) -> None:
        self.times.append(timed(lambda: self.ours(depth)))
        self.others.append(timed(lambda: self.other(depth)))

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def ratio(self) -> float:
        return self.median / statistics.median(self.others)


def _pages(ledger: Ledger, coordinator: Browser, field_staff: Browser) -> list[Measured]:
    movements, stock = reverse("supply:movements"), reverse("supply:start")
    today = timezone.localdate()
    since, until = today - timedelta(400), today - timedelta(370)
    pages = [
        ("stock of all places", stock),
        ("movements", movements),
        ("movements of a place", f"{movements}?place={ledger.shelters[5].store_id}"),
        ("movements of an item", f"{movements}?item={ledger.items[12].pk}"),
        ("movements for a reason", f"{movements}?reason=lost"),
        ("movements of a month", f"{movements}?since={since}&until={until}"),
    ]
    own = ledger.shelters[0]
    own_page = reverse("shelters:stock", args=[own.uuid])
    return [
        _page("shelter's stock page", field_staff, own_page, f"/bare/store/{own.store_id}"),
        *(_page(name, coordinator, address, "/bare/read") for name, address in pages),
    ]


def _pages_after_an_entry(
    logging: Measured, ledger: Ledger, coordinator: Browser, field_staff: Browser
) -> list[Measured]:
    """As somebody finds them who has just logged: what was logged can be undone for ten minutes."""
    field_staff.page(reverse("shelters:stock", args=[ledger.shelters[0].uuid]))  # with the token of its forms
    logging.ours(0)
    return _pages(ledger, coordinator, field_staff)


def _page(name: str, browser: Browser, address: str, twin: str) -> Measured:
    ours = browser.page(address)
    rows = _rows(ours) - _rows(browser.page(f"{twin}/0/1/"))
    bare = f"{twin}/{rows}/{max(len(ours) - len(browser.page(f'{twin}/{rows}/1/')), 1)}/"
    if _rows(browser.page(bare)) != _rows(ours):
        raise SystemExit(f"The bare page beside {name} has other rows than ours.")
    return Measured(
        name,
        lambda depth: browser.page(address, depth),
        lambda depth: browser.page(bare, depth),
        PAGE,
        lambda: browser.client.get(address),
        WARM_UP,
    )


def _rows(page: str) -> int:
    """Of tables and lists."""
    return len(re.findall("<tr|<li", page))


def _logging(ledger: Ledger, browser: Browser) -> Measured:
    address = reverse("shelters:log", args=[ledger.shelters[0].uuid])
    item = ledger.items[(1 * 7 + 1) % len(ledger.items)]
    today = timezone.localdate().isoformat()
    form = {"kind": "used", "line": str(item.uuid), "number": "0.5", "unit": str(item.uuid), "note": ""}

    def entry() -> dict[str, str]:
        return form | {"key": str(uuid.uuid4()), "occurred_on": today}

    def log(depth: int) -> None:
        status = browser.send(address, entry(), depth)
        if status != 302:
            raise SystemExit(f"Logging answered {status}.")

    return Measured(
        "logging one movement",
        log,
        lambda depth: browser.send("/bare/log/", {}, depth),
        LOGGING,
        lambda: browser.client.post(address, entry()),
        WARM_UP,
    )


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
            lambda _depth: on_past_day(),
            lambda _depth: rows(_PAST_DAY_SQL, past, past),
            PAST_DAY,
            on_past_day,
        ),
        Measured(
            "a year's totals by item and kind of recipient",
            lambda _depth: selectors.delivered_by_kind(first, past),
            lambda _depth: rows(_TOTALS_SQL, first, past),
            TOTALS,
            lambda: selectors.delivered_by_kind(first, past),
        ),
    ]


# --- measuring -------------------------------------------------------------------------------------------


def measure(things: list[Measured], rounds: int) -> None:
    for thing in things:
        for _time in range(thing.warm_up):
            thing.take()
        thing.times.clear()
        thing.others.clear()
    for number in range(rounds):
        say(f"Round {number + 1} of {rounds} …")
        for thing in things:
            thing.take(number % DEPTHS * 3)


def explain(thing: Measured, user: User | None) -> None:
    """The slowest statement of what is beyond its limit, and how the database carries it out."""
    with CaptureQueriesContext(connection) as captured:
        thing.asked()
        slowest = max(captured.captured_queries, key=lambda query: float(query["time"]))
    print(f"\n{thing.name}: {slowest['time']} s for\n{slowest['sql'][:600]}")
    if not slowest["sql"].lstrip("(").startswith(("SELECT", "EXECUTE")):
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
    with database_of_its_own() as name, override_settings(ROOT_URLCONF="benchmarks.bare"):
        _make_bare_table(name)
        ledger = catalogues()
        grow(name, ledger, SMALL)
        with served(name) as port:
            coordinator, field_staff = Browser(ledger.coordinator, port), Browser(ledger.field, port)
            logging = _logging(ledger, field_staff)
            small = _pages_after_an_entry(logging, ledger, coordinator, field_staff)
            measure(small, ROUNDS)
            run_as_system()
            grow(name, ledger, LARGE)
            pages = _pages_after_an_entry(logging, ledger, coordinator, field_staff)
            measure(pages, ROUNDS)
            measure([logging], ROUNDS)
        run_as_system()
        sums = _sums(ledger.coordinator)
        measure(sums, ROUNDS)
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
