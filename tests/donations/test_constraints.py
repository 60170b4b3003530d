"""Each rule of the money, broken past the services: the database itself refuses."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError

from tests.factories import DonationFactory, DonorFactory, FundFactory, ProgrammeFactory


def test_donation_one_per_key(db):
    key = uuid.uuid4()
    DonationFactory(key=key)
    with pytest.raises(IntegrityError, match="donation_one_per_key"):
        DonationFactory(key=key)


def test_donation_net_is_gross_less_fee(db):
    with pytest.raises(IntegrityError, match="donation_net_is_gross_less_fee"):
        DonationFactory(gross=100, fee=10, net=100)


@pytest.mark.parametrize("gross", [0, -5])
def test_donation_refund_is_negative(db, gross):
    with pytest.raises(IntegrityError, match="donation_refund_is_negative"):
        DonationFactory(gross=gross)


def test_donation_refund_is_negative_and_never_above_zero(db):
    with pytest.raises(IntegrityError, match="donation_refund_is_negative"):
        DonationFactory(refund_of=DonationFactory(), gross=5)


@pytest.mark.parametrize("values", [{"yen": 99}, {"rate": Decimal(1)}])
def test_donation_yen_need_no_rate(db, values):
    with pytest.raises(IntegrityError, match="donation_yen_need_no_rate"):
        DonationFactory(gross=100, **values)


def test_donation_once_per_channel_number(db):
    DonationFactory(channel="paypal", external_id="1AB")
    DonationFactory(channel="paypal", external_id="")
    DonationFactory(channel="paypal", external_id="")
    with pytest.raises(IntegrityError, match="donation_once_per_channel_number"):
        DonationFactory(channel="paypal", external_id="1AB")


@pytest.mark.parametrize("make", [DonationFactory, DonorFactory, ProgrammeFactory])
def test_codes_are_given_once(db, make):
    make(code="SAME")
    with pytest.raises(IntegrityError, match="code"):
        make(code="SAME")


def test_a_donor_with_gifts_stays(db):
    from django.db.models import ProtectedError

    gift = DonationFactory()
    with pytest.raises(ProtectedError):
        gift.donor.delete()
    with pytest.raises(ProtectedError):
        FundFactory().delete()
