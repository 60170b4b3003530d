"""The steps of an evacuation, but for one person, as people mistype them."""

import uuid

from django.utils import timezone

from tests import factories as f
from tests.bad_input import Bad, Case, Form, amount, choice, past_day, text, whole


def _gone(get):
    shelter = get("willow")
    f.HeadCountFactory(shelter=shelter, people=15)
    body = {"people": "5", "outcome": "unknown", "to": "", "to_code": "", "key": str(uuid.uuid4())}
    bad = [
        *whole("people"), Bad({"people": ""}, "people"), Bad({"people": "16"}, "people", "15 are left."),
        *choice("outcome"), *choice("to"), *text("to_code", 20),
        Bad({"to_code": "by the harbour"}, "to_code", "Write a code"),
        Bad({"outcome": "moved", "to": "elsewhere"}, "to_code", "Type the code of the shelter"),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": f.EvacuationFactory(shelter=shelter).uuid})


def _child(get):
    child = f.ChildFactory(shelter=get("willow"))
    body = {"outcome": "unknown", "to_code": "", "key": str(uuid.uuid4())}
    bad = [
        *choice("outcome"), *text("to_code", 20),
        Bad({"to_code": "by the harbour"}, "to_code", "Write a code"),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": f.EvacuationFactory(shelter=get("willow")).uuid, "child": child.uuid})


def _several(get):
    evacuation = f.EvacuationFactory(shelter=get("willow"))
    stay = f.StayFactory(shelter=get("willow"))
    body = {
        "people": str(stay.uuid), "outcome": "arrested", "day": timezone.localdate().isoformat(),
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    bad = [
        *choice("outcome"), Bad({"outcome": ""}, "outcome", "Choose what happened."),
        *choice("people"), Bad({"people": ""}, "people", "not there any more"), *past_day("day"),
        Bad({"outcome": "moved", "to": "elsewhere", "to_code": "NOWHERE"}, "to_code", "No shelter has"),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": evacuation.uuid})


def _settled(get):
    shelter = get("stocked")
    line = f"line-{shelter.store.balances.get().pk}"
    how_much = f"amount-{line}"
    evacuation = f.EvacuationFactory(shelter=shelter)
    bad = [*choice(line), Bad({line: str(get("maple").store.uuid)}, line, "Choose one of the list.")]
    bad += [*amount(how_much), Bad({how_much: ""}, how_much, "Say how much.")]
    body = {line: "taken", how_much: "5", "key": str(uuid.uuid4())}
    return Case(body, bad, {"uuid": evacuation.uuid})


COUNTED = [
    Form("shelters:send_counted", "hana", _gone),
    Form("shelters:send_child", "hana", _child),
    Form("shelters:send_several_on", "hana", _several),
    Form("shelters:settle_stock", "hana", _settled),
]
