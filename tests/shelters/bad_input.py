import uuid
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from tests import factories as f
from tests.bad_input import (
    Bad,
    Case,
    Form,
    amount,
    booked_day,
    choice,
    day,
    month,
    past_day,
    text,
    whole,
)
from tests.shelters.bad_allowances import ALLOWANCES
from tests.shelters.bad_counted import COUNTED
from tests.shelters.bad_incidents import INCIDENTS
from tests.shelters.bad_sheets import SHEETS

# Nothing is typed: a press alone, or pages to read. Opening what is sealed: tests/proof/test_06_reveal.py;
# a lock-down: tests/proof/test_13_lock_down.py.
OTHERS = {
    "shelters:undo", "shelters:came", "shelters:call_off", "shelters:reached",
    "shelters:take_back_outcome",
    "shelters:list", "shelters:start", "shelters:cover", "shelters:forecast", "shelters:rations",
    "shelters:evacuations", "shelters:used", "shelters:postings", "shelters:people", "shelters:incidents",
    "shelters:incident",
    "shelters:medical_cases", "shelters:medical_case", "shelters:medical_sums", "shelters:allowances",
    "shelters:clothing", "shelters:stock", "shelters:entries", "shelters:arriving",
    "shelters:day_sheet", "shelters:evacuation",
    "shelters:lock_down", "shelters:lock_downs", "shelters:lift_lock_down", "shelters:locked_people",
    "shelters:reveal_incident_note", "shelters:reveal_medical_case", "shelters:reveal_address",
    "shelters:reveal_stay", "shelters:reveal_resident", "shelters:break_glass",
}  # fmt: skip


def _key():
    return {"key": str(uuid.uuid4())}


def _oak(get):
    """A second shelter of Hana's."""
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=get("hana"), shelter=oak)
    return oak


# --- stock --------------------------------------------------------------------------------------------------


def _logged(get):
    shelter, rice, oak = get("stocked"), get("rice"), _oak(get)
    expired = f.LotFactory(item=rice, expires_on=get("today") - timedelta(days=1))
    f.MovementFactory(item=rice, lot=expired, quantity=20, destination=shelter.store)
    body = {
        "kind": "moved", "line": str(rice.uuid), "number": "10", "unit": str(rice.uuid), "note": "",
        "receipt_reason": "delivered", "loss_reason": "spoiled", "destination": str(oak.uuid),
        "occurred_on": str(get("today")),
    } | _key()  # fmt: skip
    bad = [
        *choice("kind"), *choice("line"), *amount("number"), *choice("unit"), *booked_day("occurred_on"),
        *choice("destination"), *text("note", 200), *choice("loss_reason"), *choice("receipt_reason"),
        Bad({"destination": str(get("maple").uuid)}, "destination", "Choose one of the list."),
        Bad({"number": "100.001"}, "number", "There is only this much Rice"),
        Bad({"kind": "used", "line": f"{rice.uuid}.{expired.uuid}"}, "line", "give it to nobody"),
        Bad({"unit": str(f.PackFactory().uuid)}, "unit", "Choose a unit of this item."),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": shelter.uuid})


def _arrived(get):
    line = f.sent_line(get("willow").store, get("rice"), 100)
    drops = f.PackFactory(item=get("rice"), name="drop", quantity="0.003")
    number, unit = f"amount-{line.uuid}", f"unit-{line.uuid}"
    body = {number: "2", unit: "", "on": str(get("today")), "note": ""} | _key()
    bad = [
        *amount(number, zero=True), *choice(unit), *booked_day("on"), *text("note", 200),
        Bad({number: "100.001"}, number), Bad({number: "0.5", unit: str(drops.uuid)}, number, "three digits"),
        Bad({unit: str(f.PackFactory().uuid)}, unit, "Choose a unit of this item."),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": get("willow").uuid, "consignment": line.consignment.uuid})


def _ration(get):
    tomorrow = get("today") + timedelta(days=1)
    body = {"item": str(get("rice").uuid), "shelter": str(get("willow").uuid), "grams": "400"}
    bad = [
        *choice("item"), *choice("shelter"), *amount("grams", zero=True), *day("valid_from"),
        Bad({"valid_from": str(get("today") - timedelta(days=1))}, "valid_from"),
        Bad({"grams": "1000000"}, "grams"),
    ]  # fmt: skip
    return Case(body | {"valid_from": str(tomorrow)}, bad)


def _given(get, kind):
    """What lies there, of which one lot has expired; the value of the good line and of the expired one."""
    item = f.ItemFactory(code="SET", base_unit="piece", kind=kind)
    lot = f.LotFactory(item=item, expires_on=get("today") - timedelta(days=1))
    for which in (None, lot):
        f.MovementFactory(item=item, lot=which, quantity=5, destination=get("willow").store)
    line = f"{item.uuid}."
    body = {"line": line, "number": "2", "occurred_on": str(get("today"))} | _key()
    bad = [
        *choice("line"), *amount("number"), *booked_day("occurred_on"),
        Bad({"number": "6"}, "number", "There is only this much"),
        Bad({"number": "1.5"}, "number"),
        Bad({"line": f"{line}{lot.uuid}"}, "line", "give it to nobody"),
    ]  # fmt: skip
    return body, bad


def _clothing(get):
    body, bad = _given(get, "clothing")
    bad += [*whole("people"), *choice("season")]
    return Case(body | {"people": "2", "season": "winter"}, bad, {"uuid": get("willow").uuid})


def _handed_out(get):
    body, bad = _given(get, "medicine")
    return Case(body, bad, {"uuid": _case(get).uuid})


# --- the register -------------------------------------------------------------------------------------------

SHELTER = {
    "kind": "shelter", "region": "coast", "time_zone": "Asia/Shanghai", "capacity": "8",
    "blocked_places": "1", "opened_on": "2026-05-01",
}  # fmt: skip


def _bad_shelter():
    return [
        *choice("kind"), *text("region", 100), *choice("time_zone"), *whole("capacity", zero=True),
        *whole("blocked_places", zero=True), *day("opened_on"),
        Bad({"blocked_places": "9"}, "blocked_places", "More places are blocked"),
    ]  # fmt: skip


def _new_shelter(get):
    bad = [*_bad_shelter(), *text("code", 17), Bad({"code": get("willow").code}, "code")]
    return Case(SHELTER | {"code": "OAK"}, bad)


def _changed_shelter(get):
    return Case(SHELTER, _bad_shelter(), {"uuid": get("willow").uuid})


def _state(get):
    bad = [*choice("state"), *text("reason", 200), Bad({"reason": ""}, "reason", "Say why.")]
    return Case({"state": "exposed", "reason": "seen"} | _key(), bad, {"uuid": get("willow").uuid})


def _place(get):
    bad = [*text("address", 500), *text("map_point", 100), *text("contact", 500), *text("spellings", 500)]
    return Case({"address": "2 New Lane"}, [*bad, Bad({"address": ""}, "")], {"uuid": get("willow").uuid})


def _posting(get):
    body = {"user": str(get("jin").pk), "shelter": str(get("willow").pk), "first": "2026-02-09", "last": ""}
    bad = [
        *choice("user"), *choice("shelter"), *day("first"), *day("last")[:2],
        Bad({"last": "2026-02-08"}, "last"), Bad({"user": str(get("sora").pk)}, "user"),
    ]  # fmt: skip
    return Case(body, bad)


def _posting_end(get):
    posting = get("willow").postings.get()
    return Case(
        {"last": str(get("today"))},
        [*day("last"), Bad({"last": "2019-01-01"}, "last")],
        {"uuid": posting.uuid},
    )


# --- people -------------------------------------------------------------------------------------------------


def _coming(get):
    """A first night, and what must be refused of it."""
    today = get("today")
    bad = [*past_day("day"), *day("last")[:2], Bad({"last": str(today)}, "last")]
    bad += [Bad({"day": str(today - timedelta(days=400))}, "day")]
    bad += [Bad({"is_planned": "on", "day": str(today - timedelta(days=1))}, "day")]
    return {"day": str(today), "last": ""} | _key(), bad


ABOUT = {"sex": "unknown", "birth_year": "1990", "origin": "", "needs": ""}


def _bad_about():
    return [
        *choice("sex"), *whole("birth_year"), Bad({"birth_year": "3000"}, "birth_year"),
        *text("origin", 100), *text("needs", 300), *text("real_name", 200), *text("spellings", 500),
        *text("note", 2000),
    ]  # fmt: skip


def _new_resident(get):
    body, bad = _coming(get)
    return Case(body | ABOUT, [*bad, *_bad_about()], {"uuid": get("willow").uuid})


def _resident(get):
    resident = f.StayFactory(shelter=get("willow")).resident
    return Case(ABOUT | {"needs": "no stairs"}, _bad_about(), {"uuid": resident.uuid})


def _come_back(get):
    body, bad = _coming(get)
    gone = DateRange(get("today").replace(year=2021, day=1), get("today"))
    known = f.StayFactory(shelter=get("willow"), nights=gone).resident
    another = f.StayFactory(shelter=get("maple")).resident
    bad += [*text("code", 20), Bad({"code": another.code}, "code", "Nobody with this code is with you.")]
    return Case(body | {"code": known.code}, bad, {"uuid": get("willow").uuid})


def _leaving(get):
    body = {"outcome": "safe_country", "to": "", "to_code": "", "day": str(get("today")), "note": ""} | _key()
    moves = {"outcome": "moved", "to": "elsewhere"}
    bad = [
        *choice("outcome"), *choice("to"), *past_day("day"), *text("note", 2000), *text("to_code", 20),
        Bad({"day": str(get("today") - timedelta(days=400))}, "day"),
        Bad(moves, "to_code", "Type the code of the shelter"),
        Bad(moves | {"to_code": "NOWHERE"}, "to_code", "No shelter has this code."),
        Bad({"outcome": "moved", "to": str(get("maple").uuid)}, "to"),
    ]  # fmt: skip
    return body, bad


def _left(get):
    stay = f.StayFactory(shelter=get("willow"))
    return Case(*_leaving(get), {"uuid": stay.uuid})


def _heads(get):
    return Case(
        {"people": "12"} | _key(),
        [*whole("people", zero=True), Bad({"people": ""}, "people")],
        {"uuid": get("willow").uuid},
    )


# --- evacuations --------------------------------------------------------------------------------------------


def _evacuated(get):
    return Case({"reason": "seen"} | _key(), text("reason", 200), {"uuid": get("willow").uuid})


def _all_out(get):
    evacuation = f.EvacuationFactory(shelter=get("willow"), reason="")
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason", "Say why.")]
    return Case({"reason": "seen"}, bad, {"uuid": evacuation.uuid})


def _sent_on(get):
    evacuation = f.EvacuationFactory(shelter=get("willow"))
    stay = f.StayFactory(shelter=get("willow"))
    return Case(*_leaving(get), {"uuid": evacuation.uuid, "stay": stay.uuid})


# --- incidents ----------------------------------------------------------------------------------------------


def _case(get):
    return f.MedicalCaseFactory(resident=f.StayFactory(shelter=get("willow")).resident)


def _new_case(get):
    resident, another = (f.StayFactory(shelter=get(name)).resident for name in ("willow", "maple"))
    body = {"resident": str(resident.uuid), "kind": "illness", "opened_on": str(get("today"))}
    body |= {"condition": "a fever", "treatment": ""} | _key()
    bad = [
        *choice("resident"), *choice("kind"), *past_day("opened_on"), *text("condition", 4000),
        *text("treatment", 4000), Bad({"condition": ""}, "condition", "Write a few words."),
        Bad({"resident": str(another.uuid)}, "resident", "Choose one of the list."),
    ]  # fmt: skip
    return Case(body, bad)


def _of_case(body, bad):
    return lambda get: Case(body(get), bad(), {"uuid": _case(get).uuid})


_treatment = _of_case(
    lambda get: {"treatment": "rest"}, lambda: [*text("treatment", 4000), Bad({"treatment": ""}, "treatment")]
)
_cost = _of_case(
    lambda get: {"month": f"{get('today'):%Y-%m}", "amount": "30", "currency": "CNY"} | _key(),
    lambda: [
        *month("month"), *amount("amount", minus=True), *choice("currency"),
        Bad({"month": "2199-01"}, "month"),
    ],
)  # fmt: skip
_closed = _of_case(
    lambda get: {"closed_on": str(get("today")), "outcome": "recovered"},
    lambda: [*past_day("closed_on"), *choice("outcome"), Bad({"closed_on": "2019-01-01"}, "closed_on")],
)


FORMS = [
    Form("shelters:log", "hana", _logged),
    Form("shelters:log_arrival", "hana", _arrived),
    Form("shelters:set_ration", "sora", _ration),
    Form("shelters:give_clothing", "hana", _clothing),
    Form("shelters:give_for_case", "hana", _handed_out),
    Form("shelters:add_shelter", "aya", _new_shelter),
    Form("shelters:change_shelter", "aya", _changed_shelter),
    Form("shelters:change_state", "aya", _state),
    Form("shelters:report_danger", "hana", _state),
    Form("shelters:write_place", "hana", _place),
    Form("shelters:post_person", "aya", _posting),
    Form("shelters:end_posting", "aya", _posting_end),
    Form("shelters:arrive", "hana", _new_resident),
    Form("shelters:resident", "hana", _resident),
    Form("shelters:come_back", "hana", _come_back),
    Form("shelters:leave", "hana", _left),
    Form("shelters:count_heads", "hana", _heads),
    Form("shelters:evacuate", "hana", _evacuated),
    Form("shelters:order_evacuation", "aya", _evacuated),
    Form("shelters:finish_evacuation", "hana", _all_out),
    Form("shelters:send_on", "hana", _sent_on),
    Form("shelters:open_medical_case", "hana", _new_case),
    Form("shelters:change_treatment", "hana", _treatment),
    Form("shelters:add_medical_cost", "hana", _cost),
    Form("shelters:close_medical_case", "hana", _closed),
    *ALLOWANCES,
    *SHEETS,
    *COUNTED,
    *INCIDENTS,
]
