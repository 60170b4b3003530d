"""The money's registers in the workbook."""

from collections.abc import Collection, Mapping
from typing import Any, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import PAYABLE, ExchangeRate
from core.workbook.cells import as_code
from core.workbook.columns import (
    Code,
    Column,
    Currency,
    Day,
    Note,
    Number,
    OwnCode,
    PreciseDay,
    Reconstructed,
    Values,
    key_of_number,
)
from core.workbook.explaining import ColumnRefused
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from donations.enums import Source
from donations.models import Donation, Donor, Expense, Fund, Programme
from donations.services import NotPaidYet, book_expenses, take_back_expense

# Their records are in sheets of their own, which stand before this one.
MADE_BY_RECORDS = {Source.INCIDENT, Source.MEDICAL, Source.ALLOWANCE}


class Funds(Sheet):
    title = gettext_lazy("Funds")
    model = Fund
    columns = ("code", "name", "purpose", "is_restricted", "settles_dues")


class Programmes(Sheet):
    title = gettext_lazy("Programmes")
    about = gettext_lazy("The programmes under their names in the articles of association, letter by letter.")
    model = Programme
    columns = ("code", "name", "name_ja")


class Donors(Sheet):
    title = gettext_lazy("Donors")
    about = gettext_lazy("Who pays. A sponsor is a donor too: see sheet Sponsors.")
    model = Donor
    columns = ("code", "kind", "name", "name_kana", "country")


class Donations(Sheet):
    title = gettext_lazy("Donations")
    about = gettext_lazy("Money in, one row a payment. A refund is a row of its own with amounts below zero.")
    model = Donation
    columns = (
        "code",
        "donor",
        Day("received_on", past=True),
        "channel",
        Currency("currency"),
        "gross",
        "fee",
        Number("net", help=gettext_lazy("a number; empty: gross less the fee"), required=False, keeps=True),
        "rate",
        Number("yen", help=gettext_lazy("a whole number; empty, for a gift in yen: its gross"), keeps=True),
        "fund",
        "is_recurring",
        "external_id",
        OwnCode("refund_of"),
        Reconstructed("note"),
        Note("note"),
    )
    rules = {
        "donation_net_is_gross_less_fee": ("net", gettext_lazy("Net must be gross less the fee.")),
        "donation_refund_is_negative": ("gross", gettext_lazy("A gift is above zero, a refund below it.")),
    }

    def records(self) -> QuerySet:
        return Donation.objects.order_by("received_on", "code")

    def complete(self, draft: Values, row: Row) -> None:
        if "net" not in row.values:
            draft["net"] = draft["gross"] - draft.get("fee", 0)
        if "yen" not in row.values and draft.get("currency", "JPY") == "JPY":
            draft["yen"] = draft["gross"]


class ExchangeRates(Sheet):
    title = gettext_lazy("Exchange rates")
    about = gettext_lazy("What one unit of the first currency was worth in the second, and who published it.")
    model = ExchangeRate
    key = ("on", "base", "quote")
    columns = ("on", Currency("base"), Currency("quote"), "rate", "source")
    rules = {"exchange_rate_positive": ("rate", gettext_lazy("It must be above zero."))}


class _OfRecord(Column):
    """By the number it has in its own sheet; of a kind that has none there, by the long number."""

    def value_of(self, value: Any, cell: Any, row: Row) -> UUID:
        return key_of_number(as_code(value))

    def export(self, stored: Values, lookups: Any) -> str | None:
        key = self.show(stored)
        return None if key is None else str(key)

    def usual_help(self) -> str:
        return _("number of that record, as in its own sheet; empty for what is typed here")


class Expenses(Sheet):
    title = gettext_lazy("Expenses")
    about = gettext_lazy(
        "Money out. What incidents, medical cases and allowances cost is here by itself: such a row names "
        "the fund and programme of the expense that its record made, and makes none. No sheet holds the "
        "costs of consignments; their rows come in as they stand here."
    )
    correct_by = gettext_lazy(
        "Put this row back as it was. An expense is taken back in the app, with a reason."
    )
    model = Expense
    columns = (
        "code",
        PreciseDay("paid_on", "paid_precision"),
        "nature",
        "what",
        "value",
        "value_upper",
        "qualifier",
        Currency("currency"),
        "source",
        _OfRecord("source_key", gettext_lazy("number of that record")),
        Code("fund", keeps=True),
        Code("programme", keeps=True),
    )
    rules = {
        "expense_is_something": ("value", gettext_lazy("It must be above zero.")),
        "expense_is_payable": ("value", PAYABLE),
        "expense_by_hand_is_exact": ("qualifier", gettext_lazy("Write an exact amount.")),
        "expense_by_hand_is_booked": (
            "fund",
            gettext_lazy("Name the fund and the programme, and say what it paid."),
        ),
        "expense_source_has_its_key": (
            "source",
            gettext_lazy("Say both where it is written down and the number of that record, or neither."),
        ),
        "expense_is_kept": ("code", correct_by),
    }

    def records(self) -> QuerySet:
        return Expense.objects.that_stand().order_by("code")

    def key_of(self, shown: Mapping[str, Any]) -> tuple:
        """What is written down elsewhere is known by that record: booked anew it bears another number."""
        source = shown.get("source", "")
        return (source, shown.get("source_key") if source else shown["code"])

    def key_of_stored(self, stored: Values) -> tuple:
        return self.key_of(
            {name: self.by_name[name].show(stored) for name in ("code", "source", "source_key")}
        )

    def only_shown(self, row: Row) -> Collection[str]:
        return ("code",) if row.values.get("source") else ()

    def complete(self, draft: Values, row: Row) -> None:
        """What stands in the register already is kept by the database; some of it lies in a month to come."""
        if row.stored:
            return
        if draft.get("source") in MADE_BY_RECORDS:
            sentence = _(
                "No record of this number has an expense that counts. Add the record in its own sheet."
            )
            raise ColumnRefused("source_key", sentence)
        if draft["paid_on"] > row.today:
            raise ColumnRefused("paid_on", str(NotPaidYet()))

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        expense = cast(Expense, record)
        if expense._state.adding:
            values = {"by": by} | values
        elif expense.is_waiting and expense.fund_id and values.keys() == {"fund", "programme"}:
            return _booked_anew(by, expense, values, reason)
        return super().save(by=by, record=record, values=values, reason=reason, row=row)


@transaction.atomic
def _booked_anew(by: Any, expense: Expense, values: Values, reason: str) -> Expense:
    """Its record names another fund: booked to that one, taken back and booked again, as finance once did."""
    named = {"by": by, "programme": values["programme"]}
    book_expenses(expenses=[expense], fund=None, **named)
    longest = Expense._meta.get_field("reason").max_length
    take_back_expense(by=by, expense=expense, reason=reason[:longest], key=uuid4())
    anew = Expense.objects.that_stand().filter(source=expense.source, source_key=expense.source_key)
    return book_expenses(expenses=anew, fund=values["fund"], **named)[0]
