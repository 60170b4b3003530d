"""Allowances, and one entered by mistake, as people mistype them."""

import uuid

from tests import factories as f
from tests.bad_input import Bad, Case, Form, amount, choice, month, whole


def _allowance(get):
    resident, another = (f.StayFactory(shelter=get(name)).resident for name in ("willow", "maple"))
    body = {
        "resident": str(resident.uuid), "amount": "500", "currency": "CNY", "months": "3",
        "from_month": f"{get('today'):%Y-%m}", "reason": "leaves",
    }  # fmt: skip
    bad = [
        *choice("resident"), *amount("amount"), *choice("currency"), *whole("months"), *month("from_month"),
        *choice("reason"), Bad({"resident": str(another.uuid)}, "resident", "Choose one of the list."),
        Bad({"months": "61"}, "months"),
    ]  # fmt: skip
    return Case(body | {"key": str(uuid.uuid4())}, bad)


def _taken_back(get):
    resident = f.StayFactory(shelter=get("willow")).resident
    body = {"reason": "twice", "key": str(uuid.uuid4())}
    return Case(body, choice("reason"), {"uuid": f.AllowanceFactory(resident=resident).uuid})


def _cost_taken_back(get):
    case = f.MedicalCaseFactory(resident=f.StayFactory(shelter=get("willow")).resident)
    address = {"uuid": case.uuid, "cost": f.MedicalCostFactory(case=case).uuid}
    return Case({"reason": "twice", "key": str(uuid.uuid4())}, choice("reason"), address)


ALLOWANCES = [
    Form("shelters:grant_allowance", "hana", _allowance),
    Form("shelters:take_back_allowance", "hana", _taken_back),
    Form("shelters:take_back_medical_cost", "hana", _cost_taken_back),
]
