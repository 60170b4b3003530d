"""Balances of a past day: the ledger re-added to the end of it, in the place of the table of balances.

A function of the database (migration 0006) gives rows of the same shape, so that every filter, sort, page
and export of stock now works for stock then, in one query.
"""

from datetime import date
from typing import Any

from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable

from supply.models.ledger import Balance, BalanceQuerySet


class _Then(BaseTable):
    def __init__(self, table_name: str, alias: str | None, day: date) -> None:
        super().__init__(table_name, alias)
        self.day = day

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        alias = compiler.quote_name_unless_alias(self.table_alias)
        return f"supply_stock_on(%s) {alias}", [self.day]

    def relabeled_clone(self, change_map: dict[str | None, str]) -> "_Then":
        alias = change_map.get(self.table_alias, self.table_alias)
        return _Then(self.table_name, alias, self.day)


class _QueryThen(Query):
    day: date

    def base_table_class(self, table_name: str, alias: str | None) -> _Then:  # type: ignore[override]
        return _Then(table_name, alias, self.day)


def balances_on(day: date) -> BalanceQuerySet:
    """Every line that held something at the end of `day`, of all places; `quantity`: what it held then."""
    query = _QueryThen(Balance)
    query.day = day
    return BalanceQuerySet(Balance, query=query)
