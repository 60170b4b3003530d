"""The money's registers in the workbook."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from core.models import PAYABLE, ExchangeRate
from core.workbook.columns import (
    Currency,
    Day,
    Note,
    Number,
    OwnCode,
    PreciseDay,
    Reconstructed,
    Values,
)
from core.workbook.explaining import ColumnRefused
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from donations.models import Donation, Donor, Expense, Fund, Programme
from donations.services import NotPaidYet


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


class Expenses(Sheet):
    title = gettext_lazy("Expenses")
    about = gettext_lazy(
        "Money out that is booked to a fund and a programme. What incidents, medical cases, allowances and "
        "consignments cost is here by itself; a row of the same number names its fund and programme."
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
        "fund",
        "programme",
    )
    rules = {
        "expense_is_something": ("value", gettext_lazy("It must be above zero.")),
        "expense_is_payable": ("value", PAYABLE),
        "expense_by_hand_is_exact": ("qualifier", gettext_lazy("Write an exact amount.")),
        "expense_by_hand_is_booked": (
            "fund",
            gettext_lazy("Name the fund and the programme, and say what it paid."),
        ),
        "expense_is_kept": ("code", correct_by),
    }

    def records(self) -> QuerySet:
        """What waits is made anew by the record that it comes from."""
        return (
            Expense.objects.that_stand().filter(fund__isnull=False, programme__isnull=False).order_by("code")
        )

    def complete(self, draft: Values, row: Row) -> None:
        day = draft.get("paid_on")
        if day and day > row.today:
            raise ColumnRefused("paid_on", str(NotPaidYet()))

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        if record._state.adding:
            values = {"by": by} | values
        return super().save(by=by, record=record, values=values, reason=reason, row=row)
