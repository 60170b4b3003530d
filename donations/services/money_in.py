"""Writes of money in. Each takes the form's `key`: the same submit twice is one row and the same answer."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.money import Money, rounded
from core.services import save_record
from donations import selectors
from donations.models import Donation, Donor, Fund
from donations.services.refusals import DonationRefused, KeyAlreadyUsed

YEN = "JPY"
CODE_DIGITS = 6
DONOR_CODE_DIGITS = 18  # as many as a code has room for


class NotReceivedYet(DonationRefused):
    about = "received_on"

    def __str__(self) -> str:
        return _("This day lies in the future. Book money on the day it arrived.")


class NothingReceived(DonationRefused):
    about = "gross"

    def __str__(self) -> str:
        return _("The amount must be above zero.")


class FeeAboveAmount(DonationRefused):
    about = "fee"

    def __str__(self) -> str:
        return _("The fee cannot be more than the amount, nor less than nothing.")


class AlreadyBooked(DonationRefused):
    about = "external_id"

    def __str__(self) -> str:
        return _("This number of the channel is already booked. Look it up in the register.")


class RateMissing(DonationRefused):
    about = "rate"

    def __str__(self) -> str:
        return _("For this currency type how many yen one unit was worth on that day.")


class RefundOfRefund(DonationRefused):
    def __str__(self) -> str:
        return _("This row is a refund itself. If it was a mistake, book the money as a new donation.")


class RefundTooLarge(DonationRefused):
    about = "amount"

    def __init__(self, left: Money) -> None:
        self.left = left

    def __str__(self) -> str:
        return _("At most %(left)s of this donation can still be given back.") % {"left": self.left}


class RefundTooEarly(DonationRefused):
    about = "refunded_on"

    def __str__(self) -> str:
        return _("The refund cannot lie before the donation, nor in the future.")


class NothingToComplete(DonationRefused):
    def __str__(self) -> str:
        return _("A donor or a rate that stands there stays: give the money back and book it anew.")


@transaction.atomic
def record_donor(
    *, by: User, key: UUID, kind: str, name: str, name_kana: str = "", country: str = ""
) -> Donor:
    values = {"kind": kind, "name": name, "name_kana": name_kana, "country": country}
    for digits in range(CODE_DIGITS, DONOR_CODE_DIGITS + 1):
        # A code that somebody else has by chance: one digit more. The same submit comes the same way.
        code = f"D-{key.hex[:digits].upper()}"
        known = Donor.objects.filter(code=code).first()
        if known is None:
            return _new_donor(by, code, values)
        if all(getattr(known, name) == value for name, value in values.items()):
            return known
    raise KeyAlreadyUsed


def _new_donor(by: User, code: str, values: dict[str, str]) -> Donor:
    try:
        with transaction.atomic():
            return save_record(by=by, record=Donor(), action="donations.donor", code=code, **values)
    except IntegrityError:  # the same submit, at the same moment
        return Donor.objects.get(code=code)


@transaction.atomic
def record_donation(
    *,
    by: User,
    key: UUID,
    today: date,
    received_on: date,
    channel: str,
    currency: str,
    gross: Decimal,
    fund: Fund,
    fee: Decimal = Decimal(0),
    rate: Decimal | None = None,
    donor: Donor | None = None,
    external_id: str = "",
    note: str = "",
) -> Donation:
    """Money in. `rate`: yen a unit; without one the published rate counts. Raises DonationRefused."""
    gross, fee = rounded(gross, currency), rounded(fee, currency)
    donation = Donation(
        key=key, code=f"{received_on:%Y%m%d}-{key.hex[:CODE_DIGITS].upper()}", donor=donor,
        received_on=received_on, channel=channel, currency=currency, gross=gross, fee=fee, net=gross - fee,
        fund=fund, external_id=external_id.strip(), note=note,
    )  # fmt: skip
    known = _booked_before(donation)
    if known is not None:
        return known
    _refuse_impossible(received_on=received_on, today=today, gross=gross, fee=fee)
    _value_in_yen(donation, rate)
    return _book(by=by, donation=donation, action="donations.recorded")


@transaction.atomic
def refund_donation(
    *, by: User, key: UUID, donation: Donation, amount: Decimal, refunded_on: date, reason: str, today: date
) -> Donation:
    """Money given back: a linked row below zero; the donation itself stays. Raises DonationRefused."""
    # One after the other: two refunds at once must not give back more than came.
    original = Donation.objects.select_for_update().get(pk=donation.pk)
    amount = rounded(amount, original.currency)
    refund = Donation(
        key=key, code=f"{original.code}-R{original.refunds.count() + 1}", donor=original.donor,
        received_on=refunded_on, channel=original.channel, currency=original.currency, gross=-amount,
        fee=Decimal(0), net=-amount, fund=original.fund, refund_of=original, note=reason,
    )  # fmt: skip
    known = _booked_before(refund)
    if known is not None:
        return known
    _refuse_impossible_refund(original, amount=amount, refunded_on=refunded_on, today=today)
    _value_in_yen(refund, original.rate)
    return _book(by=by, donation=refund, action="donations.refunded", reason=reason)


@transaction.atomic
def complete_donation(
    *, by: User, donation: Donation, donor: Donor | None = None, rate: Decimal | None = None
) -> Donation:
    """Fill in what was not known: who gave, or what it was worth. What stands there stays.

    Raises NothingToComplete.
    """
    row = Donation.objects.select_for_update().get(pk=donation.pk)
    values: dict[str, Any] = {}
    if donor is not None and row.donor is None:
        values["donor"] = donor
    if rate is not None and row.yen is None:
        values |= {"rate": rate, "yen": rounded(row.gross * rate, YEN)}
    if not values:
        raise NothingToComplete
    return save_record(by=by, record=row, action="donations.completed", **values)


def _booked_before(donation: Donation) -> Donation | None:
    """What this key booked the first time. Raises KeyAlreadyUsed when that was something else."""
    first = Donation.objects.filter(key=donation.key).first()
    if first is None:
        return None
    # A donor that was filled in since is no other content.
    other_donor = donation.donor_id is not None and donation.donor_id != first.donor_id
    if other_donor or any(getattr(first, name) != getattr(donation, name) for name in _CONTENT):
        raise KeyAlreadyUsed
    return first


_CONTENT = (
    "received_on", "channel", "currency", "gross", "fee", "fund_id", "external_id", "note", "refund_of_id",
)  # fmt: skip


def _refuse_impossible(*, received_on: date, today: date, gross: Decimal, fee: Decimal) -> None:
    if received_on > today:
        raise NotReceivedYet
    if gross <= 0:
        raise NothingReceived
    if not 0 <= fee <= gross:
        raise FeeAboveAmount


def _refuse_impossible_refund(original: Donation, *, amount: Decimal, refunded_on: date, today: date) -> None:
    if original.refund_of_id is not None:
        raise RefundOfRefund
    if not original.received_on <= refunded_on <= today:
        raise RefundTooEarly
    if amount <= 0:
        raise NothingReceived
    left = selectors.left_to_refund(original)
    if amount > left.amount:
        raise RefundTooLarge(left)


def _value_in_yen(donation: Donation, rate: Decimal | None) -> None:
    """A gift in yen has no rate; any other needs one, typed or published. Raises RateMissing."""
    if donation.currency == YEN:
        donation.yen = donation.gross
        return
    donation.rate = rate or selectors.published_rate(donation.currency, donation.received_on)
    if donation.rate is None:
        raise RateMissing
    donation.yen = rounded(donation.gross * donation.rate, YEN)


def _book(*, by: User, donation: Donation, action: str, reason: str = "") -> Donation:
    """Raises AlreadyBooked; the same key at once elsewhere gives that row."""
    donation.clean_fields()
    try:
        with transaction.atomic():
            donation.save(force_insert=True)
    except IntegrityError as error:
        broken = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        known = _booked_before(donation)
        if known is not None:
            return known
        if broken == "donation_once_per_channel_number":
            raise AlreadyBooked from None
        raise
    changes = audit.difference({}, audit.snapshot(donation))
    audit.record(by=by, action=action, subject=donation, changes=changes, reason=reason)
    return donation
