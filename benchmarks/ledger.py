"""A ledger of any length for the benchmarks: 200 places, 300 items, five years of movements."""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from benchmarks.harness import say
from shelters.models import Posting, Shelter
from supply.enums import PlaceKind
from supply.models import Item, Lot, Movement, Place
from tests import database, factories

PLACES, ITEMS, ITEMS_A_PLACE, RECIPIENTS = 200, 300, 40, 20
SETTLED = 2_000  # consignments, each with its place in transit, where nothing lies any more
DAYS = 1_825
RECEIPTS = PLACES * ITEMS_A_PLACE

# Every line gets its goods on the first day and gives half a unit at a time. The ledger's own triggers add up
# the balances of a whole statement.
_INSERT = """
INSERT INTO supply_movement (uuid, item_id, lot_id, quantity, source_id, destination_id, reason, occurred_on,
                             recorded_at, by_id, typed, document, key)
SELECT gen_random_uuid(), (%(items)s::bigint[])[which],
       CASE WHEN line %% 4 = 0 THEN (%(lots)s::bigint[])[which] END, {what}, now(), %(by)s, '', '',
       gen_random_uuid()
  FROM ({numbers}) AS numbers,
       LATERAL (SELECT 1 + (place * 7 + line) %% array_length(%(items)s::bigint[], 1) AS which) AS chosen
"""
_RECEIPTS = _INSERT.format(
    what="1000000, %(giver)s, (%(places)s::bigint[])[place], 'bought', %(first)s",
    numbers="""
    SELECT place, line
      FROM generate_series(1, %(number_of_places)s) AS place, generate_series(1, %(lines)s) AS line""",
)
_MORE = _INSERT.format(
    what="""
       0.5, (%(places)s::bigint[])[place],
       CASE WHEN number %% 7 = 0
              THEN (%(recipients)s::bigint[])[1 + number %% array_length(%(recipients)s::bigint[], 1)]
            WHEN number %% 19 = 0 THEN %(lost)s ELSE %(used)s END,
       CASE WHEN number %% 7 = 0 THEN 'handed_out' WHEN number %% 19 = 0 THEN 'lost' ELSE 'used' END,
       %(first)s::date + (1 + number::bigint * %(days)s / %(number)s)::integer""",
    numbers="""
    SELECT number, 1 + number %% %(number_of_places)s AS place,
           1 + (number / %(number_of_places)s) %% %(lines)s AS line
      FROM generate_series(0, %(number)s - 1) AS number""",
)


@dataclass
class Ledger:
    """The catalogues, and the people who log and read. `rows`: movements so far."""

    field: User
    coordinator: User
    shelters: list[Shelter]
    items: list[Item]
    lots: list[Lot]
    recipients: list[Place]
    rows: int = 0


def catalogues() -> Ledger:
    field = factories.UserFactory(name="Hana", role=RoleName.FIELD_STAFF)
    coordinator = factories.UserFactory(name="Sora", role=RoleName.SUPPLY_COORDINATOR)
    today = timezone.localdate()
    stores = Place.objects.bulk_create(
        Place(code=f"ST-{n:03}", name=f"Store {n}", kind=PlaceKind.STORE) for n in range(PLACES)
    )
    Place.objects.bulk_create(
        Place(code=f"TR-{n:04}", name=f"Consignment {n}", kind=PlaceKind.TRANSIT) for n in range(SETTLED)
    )
    shelters = Shelter.objects.bulk_create(
        Shelter(code=f"S-{n:03}", region="coast", capacity=12, opened_on=today - timedelta(DAYS), store=store)
        for n, store in enumerate(stores)
    )
    Posting.objects.create(user=field, shelter=shelters[0], days=factories.PostingFactory.days)
    factories.HeadCountFactory(shelter=shelters[0], people=9)
    items = Item.objects.bulk_create(
        Item(code=f"ITEM{n:03}", name=f"Item {n}", kind="food", base_unit="kg") for n in range(ITEMS)
    )
    factories.RationRuleFactory(item=items[10], grams=400)
    lots = Lot.objects.bulk_create(
        Lot(item=item, code=f"L-{n}", expires_on=today + timedelta(30 + n)) for n, item in enumerate(items)
    )
    recipients = [factories.RecipientFactory(code=f"R-{n}").place for n in range(RECIPIENTS)]
    return Ledger(field, coordinator, shelters, items, lots, recipients)


def grow(name: str, ledger: Ledger, rows: int) -> None:
    """Until the ledger has so many rows; statistics and visibility as autovacuum would leave them."""
    say(f"Filling the ledger up to {rows:,} movements …")
    first = timezone.localdate() - timedelta(DAYS + 1)
    values = {
        "items": [one.pk for one in ledger.items],
        "lots": [one.pk for one in ledger.lots],
        "places": [one.store_id for one in ledger.shelters],
        "recipients": [one.pk for one in ledger.recipients],
        "giver": factories.sink(PlaceKind.SUPPLIER).pk,
        "used": factories.sink(PlaceKind.CONSUMED).pk,
        "lost": factories.sink(PlaceKind.LOST).pk,
        "first": first,
        "by": ledger.coordinator.pk,
        "number_of_places": PLACES,
        "lines": ITEMS_A_PLACE,
        "days": DAYS - 1,
        "number": rows - (ledger.rows or RECEIPTS),
    }
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        if not ledger.rows:
            cursor.execute(_RECEIPTS, values)
        cursor.execute(_MORE, values)
        cursor.execute("VACUUM ANALYZE")
    ledger.rows = Movement.objects.count()
