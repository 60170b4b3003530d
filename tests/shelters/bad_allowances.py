"""An allowance entered by mistake, as people mistype it."""

import uuid

from tests import factories as f
from tests.bad_input import Case, Form, choice


def _taken_back(get):
    resident = f.StayFactory(shelter=get("willow")).resident
    body = {"reason": "twice", "key": str(uuid.uuid4())}
    return Case(body, choice("reason"), {"uuid": f.AllowanceFactory(resident=resident).uuid})


ALLOWANCES = [Form("shelters:take_back_allowance", "hana", _taken_back)]
