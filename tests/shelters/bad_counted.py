"""Where those go who were only counted, as people mistype it."""

import uuid

from tests import factories as f
from tests.bad_input import Bad, Case, Form, choice, text, whole


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


COUNTED = [Form("shelters:send_counted", "hana", _gone)]
