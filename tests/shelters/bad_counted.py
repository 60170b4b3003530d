"""Where those go who were only counted, as people mistype it."""

import uuid

from tests import factories as f
from tests.bad_input import Bad, Case, Form, choice, text, whole


def _gone(get):
    shelter = get("willow")
    f.HeadCountFactory(shelter=shelter, people=15)
    body = {"people": "5", "outcome": "unknown", "to_code": "", "key": str(uuid.uuid4())}
    bad = [
        *whole("people"), Bad({"people": ""}, "people"), Bad({"people": "16"}, "people", "15 are left."),
        *choice("outcome"), *text("to_code", 20),
        Bad({"to_code": "by the harbour"}, "to_code", "Write a code"),
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


COUNTED = [Form("shelters:send_counted", "hana", _gone), Form("shelters:send_child", "hana", _child)]
