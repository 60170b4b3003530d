"""The money's registers in the workbook."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from core.models import ExchangeRate
from core.workbook.columns import Currency, Day, Note, Number, OwnCode, Reconstructed, Values
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from donations.models import Donation, Donor, Fund, Programme


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
