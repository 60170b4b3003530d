from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from supply.models import LedgerCheck


@dataclass(frozen=True)
class Difference:
    """Where ledger and balance disagree, or (`day` given) where the ledger says less than nothing."""

    place: str
    item: str
    lot: str | None
    day: date | None
    ledger: Decimal
    balance: Decimal


def check_ledger() -> list[Difference]:
    """Re-add the whole ledger: every line against its balance, and every day of every line against zero."""
    with connection.cursor() as cursor:
        cursor.execute(_RE_ADDED)
        return [Difference(*row) for row in cursor.fetchall()]


def last_check() -> LedgerCheck | None:
    return LedgerCheck.objects.order_by("-id").first()


def state_of_ledger() -> str:
    """For the page of the site's health: "ok", "differences" or "not checked"."""
    last = last_check()
    if last is None:
        return "not checked"
    return "differences" if last.differences else "ok"


_RE_ADDED = """
WITH days AS (
  SELECT place_id, item_id, lot_id, day, sum(change) AS change FROM (
    SELECT destination_id AS place_id, item_id, lot_id, occurred_on AS day, quantity AS change
      FROM supply_movement
    UNION ALL
    SELECT source_id, item_id, lot_id, occurred_on, -quantity FROM supply_movement
  ) AS changes
  JOIN supply_place AS place ON place.id = place_id AND place.kind IN ('store', 'warehouse', 'transit')
  GROUP BY place_id, item_id, lot_id, day
), at_end AS (
  SELECT *, sum(change) OVER (PARTITION BY place_id, item_id, lot_id ORDER BY day) AS held FROM days
), found AS (
  SELECT coalesce(l.place_id, b.place_id) AS place_id, coalesce(l.item_id, b.item_id) AS item_id,
         coalesce(l.lot_id, b.lot_id) AS lot_id, NULL::date AS day,
         coalesce(l.held, 0) AS ledger, coalesce(b.quantity, 0) AS balance
    FROM (SELECT place_id, item_id, lot_id, sum(change) AS held FROM days GROUP BY 1, 2, 3) AS l
    FULL JOIN supply_balance AS b
      ON (b.place_id, b.item_id, coalesce(b.lot_id, 0)) = (l.place_id, l.item_id, coalesce(l.lot_id, 0))
    WHERE coalesce(l.held, 0) <> coalesce(b.quantity, 0)
  UNION ALL
  SELECT place_id, item_id, lot_id, day, held, 0 FROM at_end WHERE held < 0
)
SELECT place.code, item.code, lot.code, found.day, found.ledger, found.balance
  FROM found JOIN supply_place AS place ON place.id = found.place_id
  JOIN supply_item AS item ON item.id = found.item_id LEFT JOIN supply_lot AS lot ON lot.id = found.lot_id
  ORDER BY place.code, item.code, lot.code, found.day NULLS FIRST
"""
