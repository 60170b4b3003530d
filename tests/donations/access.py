from collections.abc import Callable

from tests import factories
from tests.access import Row

READERS = {"finance_officer", "auditor"}
WRITERS = {"finance_officer"}


def a_gift(get: Callable) -> dict:
    get("db")
    return {"uuid": factories.DonationFactory().uuid}


def an_expense(get: Callable) -> dict:
    get("db")
    return {"uuid": factories.ExpenseFactory().uuid}


ROWS: list[Row] = [
    Row("donations:start", READERS),
    Row("donations:list", READERS),
    Row("donations:donors", READERS),
    Row("donations:new_donor", WRITERS),
    Row("donations:record", WRITERS),
    Row("donations:refund", WRITERS, address=a_gift),
    Row("donations:complete", WRITERS, address=a_gift),
    Row("donations:expenses", READERS),
    Row("donations:record_expense", WRITERS),
    Row("donations:waiting", WRITERS),
    Row("donations:take_back_expense", WRITERS, address=an_expense),
]
