"""What row-level security costs: list pages with it and without it, in one run.

"Without" is the same page of the same person, from the same tables with their policies switched off by the
owner, and without the statement that says for whom the transaction acts. Both must show the same rows.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import gate
from accounts.models import User
from benchmarks.filling import FEW, MANY, fill
from benchmarks.ground import analyze, as_owner, database_of_its_own, walled_tables
from benchmarks.harness import Pair, Turns, measure_until_sure, print_pairs, print_worst, say
from core.identity import act_as
from tests.sessions import enter

MOST = 1.3
ROUNDS, TURNS = 12, 2  # switched that often; measured that often each time
_CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')


@dataclass(frozen=True)
class Page:
    view: str
    reader: str
    rows: int  # in the table that it lists
    searched: str = ""

    @property
    def name(self) -> str:
        return f"{self.view} {self.searched} ({self.reader})".replace("  ", " ")


PAGES = [
    Page("donations:donors", "finance", MANY),
    Page("donations:donors", "finance", MANY, "Donor 77"),
    Page("donations:list", "finance", MANY),
    Page("donations:list", "auditor", MANY),
    Page("supply:movements", "supply", MANY),
    Page("supply:start", "supply", MANY),
    Page("foster:children", "foster", FEW),
    Page("foster:children", "foster", FEW, "C-04"),
    Page("foster:sponsors", "foster", FEW),
    Page("foster:portal", "sponsor", FEW),
    Page("shelters:list", "supply", FEW),
    Page("shelters:list", "auditor", FEW),
    Page("shelters:start", "field", FEW),
]


class Reading:
    """One person's browser at one page."""

    def __init__(self, page: Page, user: User) -> None:
        self.page, self.user, self.client = page, user, Client(SERVER_NAME="localhost")
        enter(self.client, user)
        self.address = reverse(page.view)
        if page.searched:
            self.address = self.client.post(self.address, {"q": page.searched}).url
        self.pair = Pair(page.name, page.rows)

    def __call__(self) -> bytes:
        """What the page shows, without what is new each time."""
        response = self.client.get(self.address)
        if response.status_code != 200:
            raise SystemExit(f"{self.page.name} answered {response.status_code}.")
        return _CHANGING.sub(b"", response.content)

    def turn(self, turns: Turns) -> None:
        """Some turns more, the database's part of the work included."""
        for _turn in range(TURNS):
            turns.take(self, connection.connection.info.backend_pid)


@contextmanager
def without_walls(name: str, tables: list[str]) -> Iterator[None]:
    """The policies off, and nobody says any more who asks; both are back afterwards."""
    as_owner(name, "ALTER TABLE {} DISABLE ROW LEVEL SECURITY", *tables)
    gate.act_as = lambda user, **_scope: None
    try:
        yield
    finally:
        gate.act_as = act_as
        as_owner(name, "ALTER TABLE {} ENABLE ROW LEVEL SECURITY", *tables)


def measure(readings: Sequence[Reading], rounds: int, name: str, tables: list[str]) -> set[str]:
    """The pages with and without, in turn. Returns those that do not show the same."""
    differing = set()
    for number in range(rounds):
        say(f"Round {number + 1} of {rounds}, {len(readings)} pages …")
        shown = {reading.page.name: reading() for reading in readings}  # also warms the caches of plans
        for reading in readings:
            reading.turn(reading.pair.ours)
        with without_walls(name, tables):
            bare = {reading.page.name: reading() for reading in readings}
            for reading in readings:
                reading.turn(reading.pair.other)
        differing |= {page for page, content in shown.items() if content != bare[page]}
    return differing


def explain(reading: Reading) -> None:
    """The slowest statement of a page that is beyond the limit, and how the database carries it out."""
    with CaptureQueriesContext(connection) as captured:
        reading()
    slowest = max(captured.captured_queries, key=lambda query: float(query["time"]))
    print(f"\n{reading.page.name}: {slowest['time']} s for\n{slowest['sql'][:600]}")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        act_as(reading.user)
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + slowest["sql"])
        print("\n".join(row[0] for row in cursor.fetchall()[:40]))
        cursor.execute("ROLLBACK")


def run() -> bool:
    """Whether every page is within the limit and shows the same with and without."""
    with database_of_its_own() as name:
        tables = walled_tables(name)
        if not tables:
            print("There are no row policies yet: nothing to compare.")
            return True
        readers = fill()
        analyze(name)
        readings = [Reading(page, readers[page.reader]) for page in PAGES]
        differing: set[str] = set()

        def take_turns(some: Sequence[Reading], rounds: int) -> None:
            differing.update(measure(some, rounds, name, tables))

        measure_until_sure(readings, take_turns, rounds=ROUNDS, most=MOST)
        pairs = [reading.pair for reading in readings]
        beyond = print_pairs(f"List pages with {len(tables)} walled tables and without walls", pairs, MOST)
        for page in sorted(differing):
            print(f"{page}: shows something else with walls than without")
        for reading in readings:
            if reading.pair in beyond:
                explain(reading)
        print_worst(pairs, MOST)
        return not beyond and not differing
