from tests import factories as f
from tests.bad_input import Bad, Case, Form, day, text


def _changed_lot(get):
    get("db")
    lot = f.LotFactory(code="L-1")
    f.LotFactory(item=lot.item, code="L-2")
    bad = [
        *text("code", 40), *text("reason", 200),
        *[one for one in day("expires_on") if one.changes["expires_on"]],
        Bad({"code": "l2"}, "code", "a lot of this number already"),
        Bad({"reason": ""}, "reason", "Say why"),
    ]  # fmt: skip
    return Case({"code": "L-1", "expires_on": "2026-12-01", "reason": "mistyped"}, bad, {"uuid": lot.uuid})


LOTS = [Form("supply:change_lot", "sora", _changed_lot)]
