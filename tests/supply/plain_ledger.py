"""The ledger in plain Python: what lies where after which entries, and how far each consignment is."""

from dataclasses import dataclass, field
from decimal import Decimal

OUTSIDE = -1  # where goods come from and end
LINES = ((0, False), (0, True), (1, False))  # an item; whether it is the lot of it that expires
# A step of a consignment → those before whose last day it is never dated.
AFTER = {
    "sent": ("packed",),
    "cancelled": ("packed",),
    **dict.fromkeys(("received", "lost", "returned", "all lost"), ("sent",)),
    "found": ("sent", "lost", "all lost", "settled"),
    "settled": ("sent", "lost", "all lost", "received", "returned"),
}


@dataclass
class Journey:
    """A consignment of one line. `destination`: a store, or OUTSIDE for a recipient."""

    source: int
    destination: int
    transit: int
    line: int
    packed: Decimal
    state: str = "planned"
    sent: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    last_days: dict = field(default_factory=dict)  # step → the last day on which it was taken

    def may_follow(self, step, day):
        return all(day >= self.last_days.get(before, 0) for before in AFTER[step])

    def take(self, step, day):
        self.last_days[step] = max(day, self.last_days.get(step, 0))

    @property
    def under_way(self):
        return self.sent - self.received - self.lost - self.returned


@dataclass
class Model:
    """The ledger as a list. A row: line, quantity, from, to, day; days and lines count from 0.

    `open_from`: the first day that may be booked; `in_last_month`: how many days lie there; `expires`: the
    last day of the lot.
    """

    days: int
    open_from: int
    in_last_month: int
    expires: int
    rows: list = field(default_factory=list)
    reversed_rows: set = field(default_factory=set)
    of_journeys: set = field(default_factory=set)
    journeys: list = field(default_factory=list)
    is_closed: bool = False

    def held(self, place, line, day=None):
        found = Decimal(0)
        for what, quantity, source, destination, on in self.rows:
            if what == line and (day is None or on <= day):
                found += quantity * ((destination == place) - (source == place))
        return found

    def may_date(self, day):
        return day >= self.open_from

    def is_shut(self, day):
        return self.is_closed and day < self.in_last_month

    def has_expired(self, line, day):
        return LINES[line][1] and day > self.expires

    def add(self, line, quantity, source, destination, day):
        """Whether the row may stand: in an open month, and on no day any place holds less than nothing."""
        self.rows.append((line, quantity, source, destination, day))
        places = {source, destination} - {OUTSIDE}
        is_short = any(self.held(place, line, on) < 0 for place in places for on in range(self.days))
        if is_short or self.is_shut(day):
            self.rows.pop()
            return False
        return True

    def book(self, kind, line, quantity, source, destination, day):
        # Both places are stores: where goods come to, people eat.
        if not self.may_date(day) or (kind in ("use", "transfer") and self.has_expired(line, day)):
            return False
        return self.add(line, quantity, source, destination, day)

    def count(self, place, line, found, day):
        if not self.may_date(day) or self.is_shut(day):
            return False
        difference = found - self.held(place, line, day)
        ends = (OUTSIDE, place) if difference > 0 else (place, OUTSIDE)
        return difference == 0 or self.add(line, abs(difference), *ends, day)

    def reverse(self, number):
        """On its day while that can be booked, else on the last one."""
        line, quantity, source, destination, day = self.rows[number]
        back = day if self.may_date(day) and not self.is_shut(day) else self.days - 1
        if number in self.of_journeys or not self.add(line, quantity, destination, source, back):
            return False
        self.reversed_rows |= {number, len(self.rows) - 1}
        return True

    # --- consignments ---

    def pack(self, journey, day):
        reserved = sum(
            one.packed
            for one in self.journeys
            if (one.state, one.source, one.line) == ("packed", journey.source, journey.line)
        )
        # Its places are stores of shelters, and its outside is people.
        if not self.may_date(day) or self.has_expired(journey.line, day):
            return False
        if journey.packed > self.held(journey.source, journey.line) - reserved:
            return False
        journey.state = "packed"
        journey.take("packed", day)
        return True

    def send(self, journey, day):
        if journey.state != "packed" or not journey.may_follow("sent", day):
            return False
        if self.has_expired(journey.line, day):
            return False
        if not self._carry(journey, journey.packed, day, (journey.source, journey.transit)):
            return False
        journey.state, journey.sent = "sent", journey.packed
        journey.take("sent", day)
        return True

    def move_on(self, kind, journey, quantity, day):
        """A part: what becomes of it is added up in the field of the same name."""
        ends = {"received": journey.destination, "lost": OUTSIDE, "returned": journey.source}
        if journey.state not in ("sent", "arrived") or not 0 < quantity <= journey.under_way:
            return False
        if not journey.may_follow(kind, day):
            return False
        if not self._carry(journey, quantity, day, (journey.transit, ends[kind])):
            return False
        journey.take(kind, day)
        setattr(journey, kind, getattr(journey, kind) + quantity)
        journey.state = "arrived" if kind == "received" else journey.state
        return True

    def find(self, journey, quantity, day, *, came_back):
        if journey.state not in ("sent", "arrived", "settled", "lost") or not 0 < quantity <= journey.lost:
            return False
        if not journey.may_follow("found", day):
            return False
        to = journey.source if came_back else journey.destination
        if not self._carry(journey, quantity, day, (OUTSIDE, journey.transit), (journey.transit, to)):
            return False
        end = "returned" if came_back else "received"
        setattr(journey, end, getattr(journey, end) + quantity)
        journey.lost -= quantity
        journey.state = "settled" if journey.state == "lost" else journey.state
        return True

    def lose_all(self, journey, day):
        if journey.state != "sent" or not journey.may_follow("all lost", day):
            return False
        rest = journey.under_way
        if not self.may_date(day) or (
            rest and not self._carry(journey, rest, day, (journey.transit, OUTSIDE))
        ):
            return False
        journey.state, journey.lost = "lost", journey.lost + rest
        journey.take("all lost", day)
        return True

    def end(self, journey, day, *, states, state):
        is_even = not journey.under_way
        if journey.state not in states or not is_even or not self.may_date(day):
            return False
        if not journey.may_follow(state, day):
            return False
        journey.state = state
        journey.take(state, day)
        return True

    def _carry(self, journey, quantity, day, *legs):
        """All rows of a step or none."""
        before = len(self.rows)
        for source, destination in legs:
            if not self.may_date(day) or not self.add(journey.line, quantity, source, destination, day):
                del self.rows[before:]
                return False
        self.of_journeys |= set(range(before, len(self.rows)))
        return True
