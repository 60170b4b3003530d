"""The finance officer's forms, as people mistype them."""

import uuid
from datetime import timedelta

from donations.models import Expense
from tests import factories as f
from tests.bad_input import Bad, Case, Form, amount, choice, past_day, text

# Pages to read; nothing is typed.
OTHERS = {"donations:start", "donations:list", "donations:donors", "donations:expenses"}


def _key():
    return {"key": str(uuid.uuid4())}


def _rate():
    """It has eight digits after the point, not four."""
    return [bad for bad in amount("rate") if bad.changes["rate"] != "1.00001"]


def _donation(get):
    f.DonationFactory(channel="paypal", external_id="8XY", currency="USD")
    body = {
        "donor": "", "received_on": str(get("today")), "channel": "paypal", "currency": "USD",
        "gross": "20.5", "fee": "0.5", "rate": "150.5", "external_id": "7AB", "note": "",
        "fund": str(f.FundFactory().pk),
    } | _key()  # fmt: skip
    bad = [
        *amount("gross"), *amount("fee", zero=True), *_rate(), *past_day("received_on"),
        *choice("channel"), *choice("currency"), *choice("fund"), *choice("donor"), *text("external_id", 60),
        *text("note", 300), Bad({"gross": ""}, "gross"), Bad({"gross": "1000000001"}, "gross", "very much"),
        Bad({"gross": "20.555"}, "gross", "at most 2 digits"), Bad({"fee": "0.555"}, "fee"),
        Bad({"currency": "JPY"}, "gross", "JPY has no digits after the point."),
        Bad({"fee": "20.51"}, "fee", "cannot be more than the amount"),
        Bad({"rate": "1.123456789"}, "rate", "at most eight digits"),
        Bad({"rate": "10001"}, "rate", "very much"), Bad({"rate": ""}, "rate", "how many yen"),
        Bad({"external_id": "8XY"}, "external_id", "already booked"),
    ]  # fmt: skip
    return Case(body, bad)


def _refund(get):
    yesterday = get("today") - timedelta(days=1)
    gift = f.DonationFactory(gross=15000, received_on=yesterday)
    body = {"amount": "15000", "refunded_on": str(get("today")), "reason": "sent twice"} | _key()
    bad = [
        *amount("amount"), *past_day("refunded_on"), *text("reason", 300), Bad({"reason": ""}, "reason"),
        Bad({"amount": "15001"}, "amount", "can still be given back"),
        Bad({"amount": "0.5"}, "amount", "JPY has no digits after the point."),
        Bad({"refunded_on": str(yesterday - timedelta(days=1))}, "refunded_on"),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": gift.uuid})


def _completed(get):
    gift = f.DonationFactory(donor=None, currency="USD", gross=10, yen=None)
    f.DonorFactory(code="D-0007")
    bad = [*_rate(), *choice("donor")]
    return Case({"donor": "D-0007", "rate": "150"}, bad, {"uuid": gift.uuid})


def _donor(get):
    body = {"kind": "person", "name": "Ito Hanako", "name_kana": "", "country": "JP"} | _key()
    bad = [*text("name", 200), *text("name_kana", 200), *choice("kind"), *choice("country")]
    return Case(body, [*bad, Bad({"name": ""}, "name")])


def _expense(get):
    body = {
        "paid_on": str(get("today")), "nature": "rent", "what": "rent of the office", "amount": "80000",
        "currency": "JPY", "fund": str(f.FundFactory().pk), "programme": str(f.ProgrammeFactory().pk),
    } | _key()  # fmt: skip
    bad = [
        *amount("amount"), *past_day("paid_on"), *choice("nature"), *choice("currency"), *choice("fund"),
        *choice("programme"), *text("what", 200), Bad({"what": ""}, "what"), Bad({"fund": ""}, "fund"),
        Bad({"programme": ""}, "programme"), Bad({"nature": ""}, "nature"),
        Bad({"amount": "1000000001"}, "amount", "very much"),
        Bad({"amount": "0.5"}, "amount", "JPY has no digits after the point."),
    ]  # fmt: skip
    return Case(body, bad)


def _booking(get):
    cost = f.ConsignmentCostFactory()
    waits = Expense.objects.get(source_key=cost.key)
    booked = f.ExpenseFactory(source="consignment", source_key=uuid.uuid4())
    programme = str(f.ProgrammeFactory().pk)
    body = {"expenses": str(waits.uuid), "fund": str(f.FundFactory().pk), "programme": programme}
    bad = [
        *choice("expenses"), *choice("fund"), *choice("programme"), Bad({"programme": ""}, "programme"),
        Bad({"expenses": ""}, "expenses", "at least one"), Bad({"fund": ""}, "fund", "Choose a fund"),
        Bad({"expenses": str(booked.uuid)}, "expenses", "Somebody else booked"),
    ]  # fmt: skip
    return Case(body, bad)


def _taken_back(get):
    body = {"reason": "typed twice"} | _key()
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason")]
    return Case(body, bad, {"uuid": f.ExpenseFactory().uuid})


FORMS = [
    Form("donations:record", "kenji", _donation),
    Form("donations:refund", "kenji", _refund),
    Form("donations:complete", "kenji", _completed),
    Form("donations:new_donor", "kenji", _donor),
    Form("donations:record_expense", "kenji", _expense),
    Form("donations:waiting", "kenji", _booking),
    Form("donations:take_back_expense", "kenji", _taken_back),
]
