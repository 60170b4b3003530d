"""What a sponsor owes and has paid: payments go to the oldest due first, the moment they are booked.

The rule stands here once. The monthly run writes what it gives as allocations, the portal shows it, and the
question before sending asks it, so that a payment of a minute ago already counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.money import Money
from donations.enums import Channel
from foster.models import Allocation, Due, Sponsor


@dataclass
class DueLine:
    """A due and what is still open of it."""

    due: Due
    open: Decimal

    @property
    def is_paid(self) -> bool:
        return self.open <= 0

    @property
    def paid(self) -> Money:
        return Money(self.due.amount - self.open, self.due.currency)

    @property
    def rest(self) -> Money:
        return Money(self.open, self.due.currency)


@dataclass
class PaymentLine:
    """A payment after refunds, and what of it serves no due yet.

    `fund`: its name when the gift is for that alone and settles no dues; else empty.
    """

    pk: int
    code: str
    received_on: date
    channel: str
    amount: Money
    free: Decimal
    fund: str

    @property
    def channel_name(self) -> str:
        return str(Channel(self.channel).label)


@dataclass
class Balance:
    """`changes`: the amount to add to the allocation of a payment to a due; below zero takes back."""

    sponsor: Sponsor
    dues: list[DueLine]
    payments: list[PaymentLine]
    changes: list[tuple[Due, PaymentLine, Decimal]] = field(default_factory=list)

    @property
    def credit(self) -> list[Money]:
        """Paid ahead, a sum a currency."""
        return _sums((payment.amount.currency, payment.free) for payment in self.payments)

    def open_in(self, month: date, *, of: Iterable[int] | None = None) -> list[DueLine]:
        """Open dues of the month, of these sponsorships alone if they are given."""
        return [line for line in self._open(of) if line.due.month == month]

    def open_before(self, month: date, *, of: Iterable[int] | None = None) -> list[DueLine]:
        return [line for line in self._open(of) if line.due.month < month]

    def _open(self, of: Iterable[int] | None) -> list[DueLine]:
        wanted = None if of is None else set(of)
        return [
            line
            for line in self.dues
            if not line.is_paid and (wanted is None or line.due.sponsorship_id in wanted)
        ]


def total_open(lines: Iterable[DueLine]) -> list[Money]:
    return _sums((line.due.currency, line.open) for line in lines)


def balances(sponsors: QuerySet[Sponsor], *, owed: Iterable[Due] = ()) -> list[Balance]:
    """One balance a sponsor, in their order. `owed`: dues that are not made yet but shall count.

    Six queries, however many sponsors.
    """
    paid = ("donor__donations__refunds", "donor__donations__fund")
    people = list(sponsors.select_related("donor", "user").prefetch_related(*paid))
    dues: dict[int, list[DueLine]] = defaultdict(list)
    kept = Due.objects.filter(sponsorship__sponsor__in=people).with_paid()
    for due in kept.select_related("sponsorship__child").order_by("month", "sponsorship__code"):
        dues[due.sponsorship.sponsor_id].append(DueLine(due, due.open))
    for due in owed:
        dues[due.sponsorship.sponsor_id].append(DueLine(due, due.amount))
    allocations: dict[int, list[Allocation]] = defaultdict(list)
    of_theirs = Allocation.objects.filter(donation__donor__in=[person.donor_id for person in people])
    for allocation in of_theirs.order_by("-due__month", "-due__sponsorship__code"):
        allocations[allocation.donation_id].append(allocation)
    return [_balance(person, dues[person.pk], allocations) for person in people]


def balance_of(sponsor: Sponsor) -> Balance:
    return balances(Sponsor.objects.filter(pk=sponsor.pk))[0]


def _balance(sponsor: Sponsor, dues: list[DueLine], allocations: dict[int, list[Allocation]]) -> Balance:
    payments = []
    gifts = (gift for gift in sponsor.donor.donations.all() if gift.refund_of_id is None)
    for gift in sorted(gifts, key=lambda gift: (gift.received_on, gift.pk)):
        kept = gift.gross + sum(refund.gross for refund in gift.refunds.all())
        takes_dues = gift.fund.takes_dues
        free = (kept if takes_dues else 0) - sum(part.amount for part in allocations[gift.pk])
        amount, fund = Money(kept, gift.currency), "" if takes_dues else gift.fund.name
        payments.append(
            PaymentLine(gift.pk, gift.code, gift.received_on, gift.channel, amount, Decimal(free), fund)
        )
    balance = Balance(sponsor, sorted(dues, key=lambda line: line.due.month), payments)
    _take_back_refunded(balance, allocations)
    _share_out(balance)
    return balance


def _take_back_refunded(balance: Balance, allocations: dict[int, list[Allocation]]) -> None:
    """A payment given back, or found to be for another purpose, opens its dues again, the newest first."""
    lines = {line.due.pk: line for line in balance.dues}
    for payment in balance.payments:
        for allocation in allocations[payment.pk]:
            part = min(allocation.amount, -payment.free)
            if part <= 0:
                break
            line = lines[allocation.due_id]
            line.open += part
            payment.free += part
            balance.changes.append((line.due, payment, -part))


def _share_out(balance: Balance) -> None:
    """Oldest payment to oldest due, within one currency."""
    for line in balance.dues:
        for payment in balance.payments:
            part = min(line.open, payment.free)
            if part > 0 and payment.amount.currency == line.due.currency:
                line.open -= part
                payment.free -= part
                balance.changes.append((line.due, payment, part))


def _sums(parts: Iterable[tuple[str, Decimal]]) -> list[Money]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in parts:
        sums[currency] += amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items()) if amount]
