from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from core.enums import Qualifier
from core.models import ExchangeRate
from core.money import Money, told
from core.quantities import Quantity
from donations.enums import Channel
from donations.models import Donation, DonationQuerySet, Donor, Expense, Fund, Programme

RATE_HOLDS_FOR = timedelta(days=7)


def money_between(first: date, last: date, channel: str | None = None) -> DonationQuerySet:
    """Gifts and refunds booked on these days, both inside. Sum them by currency only."""
    rows = Donation.objects.filter(received_on__range=(first, last))
    return rows.filter(channel=channel) if channel else rows


def gifts_between(first: date, last: date, channel: str | None = None) -> DonationQuerySet:
    """Gifts received on these days, both inside; a later refund takes none away from their number."""
    return money_between(first, last, channel).gifts()


def sums_by_channel(first: date, last: date) -> list[dict]:
    """Per channel and currency: `gifts` (a refund takes none away), `gross`, `net` (it lowers both)."""
    rows = money_between(first, last).values("channel", "currency").order_by("channel", "currency")
    gifts = Count("id", filter=Q(refund_of__isnull=True))
    sums = rows.annotate(gifts=gifts, gross=Sum("gross"), net=Sum("net"))
    return [
        {
            "channel": Channel(row["channel"]).label,
            "gifts": row["gifts"],
            "gross": Money(row["gross"], row["currency"]),
            "net": Money(row["net"], row["currency"]),
        }
        for row in sums
    ]


def without_value_in_yen() -> QuerySet[Donation]:
    """Foreign money whose rate nobody has given yet: it is missing from every sum in yen."""
    return Donation.objects.filter(yen__isnull=True)


def without_donor() -> QuerySet[Donation]:
    """Gifts that came by a way which names the payer, and are still nobody's."""
    return Donation.objects.gifts().filter(
        donor__isnull=True, channel__in=[Channel.BANK, Channel.PAYPAL, Channel.POST]
    )


def left_to_refund(donation: Donation) -> Money:
    """What of a donation has not been given back; its refunds are below zero."""
    given_back = donation.refunds.aggregate(sum=Sum("gross"))["sum"] or 0
    return Money(donation.gross + given_back, donation.currency)


def published_rate(currency: str, day: date) -> Decimal | None:
    """Yen a unit as published for that day or at most a week before (banks close for holidays)."""
    rates = ExchangeRate.objects.filter(base=currency, quote="JPY", on__range=(day - RATE_HOLDS_FOR, day))
    return rates.order_by("-on").values_list("rate", flat=True).first()


def with_donor_and_fund(donations: QuerySet[Donation]) -> QuerySet[Donation]:
    return donations.select_related("donor", "fund", "refund_of")


def with_sums(donors: QuerySet[Donor]) -> QuerySet[Donor]:
    """`gifts`, `last_on` and `yen` of each; refunds lower the sum, not the number.

    Each a look-up of its own: what is not shown, as when donors are only counted, is not added up.
    """
    theirs = Donation.objects.filter(donor=OuterRef("pk")).order_by().values("donor")
    gifts = theirs.filter(refund_of__isnull=True)
    return donors.annotate(
        gifts=Coalesce(Subquery(gifts.annotate(number=Count("pk")).values("number")), 0),
        last_on=Subquery(gifts.annotate(last=Max("received_on")).values("last")),
        yen=Subquery(theirs.annotate(sum=Sum("yen")).values("sum")),
    )


def funds() -> QuerySet[Fund]:
    return Fund.objects.all()


def programmes() -> QuerySet[Programme]:
    return Programme.objects.all()


def with_names(expenses: QuerySet[Expense]) -> QuerySet[Expense]:
    return expenses.select_related("fund", "programme", "corrects")


def spent(expenses: QuerySet[Expense]) -> list[tuple[str, list[str]]]:
    """Per currency: what of these expenses stands, as exactly as it is known. Nothing of it is added up
    across kinds of knowing: a range beside an exact sum stays a range.
    """
    rows = (
        expenses.filter(stands=True)
        .order_by()
        .values("currency", "qualifier")
        .annotate(number=Count("pk"), low=Sum("value"), high=Sum("value_upper"))
    )
    by_currency: dict[str, dict[str, str]] = {}
    for row in rows:
        currency, qualifier = row["currency"], Qualifier(row["qualifier"])
        amount = Quantity(row["low"], qualifier, row["high"])
        by_currency.setdefault(currency, {})[qualifier] = _sum_told(amount, currency, row["number"])
    return [
        (currency, [parts[qualifier] for qualifier in Qualifier if qualifier in parts])
        for currency, parts in sorted(by_currency.items())
    ]


def _sum_told(amount: Quantity, currency: str, number: int) -> str:
    if amount.qualifier in (Qualifier.NOT_COUNTED, Qualifier.WITHHELD):
        words = ngettext("%(number)s unknown amount", "%(number)s unknown amounts", number)
        return words % {"number": number}
    if amount.qualifier == Qualifier.EXACT:
        return told(amount, currency)
    words = ngettext("%(sum)s (%(number)s amount)", "%(sum)s (%(number)s amounts)", number)
    return words % {"sum": told(amount, currency), "number": number}


def spent_between(first: date, last: date) -> list[tuple[str, list[str]]]:
    return spent(Expense.objects.filter(paid_on__range=(first, last)))
