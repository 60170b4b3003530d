import uuid
from datetime import timedelta
from decimal import Decimal

from core.fiscal import month_of
from supply import services
from tests import factories as f
from tests.bad_input import (
    LONG,
    Bad,
    Case,
    Form,
    amount,
    booked_day,
    choice,
    day,
    last_month,
    month,
    past_day,
    text,
)
from tests.supply.bad_lots import LOTS
from tests.supply.bad_routes import ROUTES

# Nothing is typed: a press alone, or pages to read. Opening what is sealed: tests/proof/test_06_reveal.py.
OTHERS = {
    "supply:make_drafts", "supply:check_levels", "supply:set_count_aside", "supply:recount",
    "supply:begin_count",
    "supply:add_count_line",  # answers with a message on the page of the count
    "supply:start", "supply:on_day", "supply:delivered", "supply:movements", "supply:movement",
    "supply:routes", "supply:board",
    "supply:sites", "supply:reveal_site",
    "supply:plans", "supply:route", "supply:consignments", "supply:consignment", "supply:recipients",
    "supply:items", "supply:places", "supply:counts", "supply:levels", "supply:alerts", "supply:months",
    "supply:reveal_route", "supply:reveal_consignment", "supply:reveal_recipient",
}  # fmt: skip


def _key():
    return {"key": str(uuid.uuid4())}


# --- booked by the office -----------------------------------------------------------------------------------


def _entry(get, **values):
    rice = get("rice")
    common = {"line": str(rice.uuid), "number": "10", "unit": str(rice.uuid), "document": ""}
    return common | {"occurred_on": str(get("today"))} | _key() | values


def _booked(get, kind, bad, **values):
    place = get("stocked").store
    common = [
        *amount("number"), *choice("unit"), *choice("line"), *booked_day("occurred_on"),
        *text("document", 200),
        Bad({"unit": str(f.PackFactory().uuid)}, "unit", "Choose a unit of this item."),
    ]  # fmt: skip
    return Case(_entry(get, **values), [*common, *bad], {"uuid": place.uuid}, f"?kind={kind}")


def _more_than_there_is(get):
    expired = f.LotFactory(item=get("rice"), expires_on=get("today") - timedelta(days=1))
    f.MovementFactory(item=get("rice"), lot=expired, quantity=20, destination=get("stocked").store)
    return [
        Bad({"number": "100.001"}, "number", "There is only this much Rice"),
        Bad({"line": f"{get('rice').uuid}.{expired.uuid}"}, "line", "give it to nobody"),
    ]


def _received(get):
    bad = [*choice("receipt_reason"), *choice("giver"), *text("lot_code", 40), *day("expires_on")[:2]]
    return _booked(get, "received", bad, receipt_reason="bought", giver="", lot_code="L-1", expires_on="")


def _used(get):
    return _booked(get, "used", _more_than_there_is(get))


def _handed_out(get):
    bad = [*_more_than_there_is(get), *choice("recipient")]
    return _booked(get, "handed_out", bad, recipient=str(f.RecipientFactory().uuid))


def _moved(get):
    bad = [*_more_than_there_is(get), *choice("destination")]
    return _booked(get, "moved", bad, destination=str(get("maple").store.uuid))


def _lost(get):
    return _booked(get, "lost", choice("loss_reason"), loss_reason="spoiled")


def _taken_back(get):
    movement = f.receive(get("stocked").store, get("rice"), 5)
    return Case(
        {"reason": "mistyped"}, [*text("reason", 200), Bad({"reason": ""}, "reason")], {"uuid": movement.uuid}
    )


# --- catalogue, levels, months ------------------------------------------------------------------------------

ITEM = {
    "code": "SALT", "name": "Salt", "name_ja": "", "kind": "food", "base_unit": "kg", "rice_kilograms": "1.5",
}  # fmt: skip


def _item(get):
    get("rice")
    bad = [
        *text("code", 20), *text("name", 100), *text("name_ja", 100), *choice("kind"), *choice("base_unit"),
        Bad({"code": "RICE"}, "code", "taken already"),
        *(Bad({"rice_kilograms": word}, "rice_kilograms") for word in ("0", "-1", "much", "1e3", "0.0001")),
    ]  # fmt: skip
    return Case(ITEM, bad)


def _changed_item(get):
    bad = [*text("code", 20), *text("name", 100), *choice("kind")]
    return Case(ITEM, bad, {"uuid": get("rice").uuid})


def _pack(get):
    bad = [*text("name", 50), *amount("quantity"), Bad({"name": "bag of 25 kg"}, "name", "taken already")]
    return Case({"name": "sack", "quantity": "50"}, bad, {"uuid": get("rice").uuid})


def _pack_name(get):
    pack = f.PackFactory(item=get("rice"))
    f.PackFactory(item=get("rice"), name="crate", name_ja="箱")
    bad = [*text("name_ja", 50), Bad({"name_ja": "箱"}, "name_ja", "taken already")]
    return Case({"name_ja": "袋"}, bad, {"uuid": pack.item.uuid, "pack": pack.uuid})


def _level(get):
    body = {"place": str(get("willow").store.uuid), "item": str(get("rice").uuid), "minimum": "50"}
    return Case(body, [*amount("minimum", zero=True), *choice("place"), *choice("item")])


def _closing(get):
    month_before = month_of(last_month(get("today")) - timedelta(days=40))
    f.MovementFactory(item=get("rice"), destination=f.PlaceFactory(), occurred_on=month_before)
    bad = [*choice("month"), Bad({"month": str(month_of(get("today")))}, "month"), *text("reason", 200)]
    return Case({"month": str(month_before), "reason": ""}, bad)


def _opening(get):
    closing = services.close_month(
        by=get("sora"), month=last_month(get("today")) - timedelta(days=40), today=get("today")
    )
    return Case(
        {"reason": "a slip"}, [*text("reason", 200), Bad({"reason": ""}, "reason")], {"uuid": closing.uuid}
    )


# --- counted ------------------------------------------------------------------------------------------------


def _count(get):
    sheet = services.begin_count(
        by=get("sora"), place=get("stocked").store, today=get("today"), key=uuid.uuid4()
    )
    line = sheet.lines.get()
    number, unit = f"number_{line.uuid}", f"unit_{line.uuid}"
    return Case(
        {number: "90", unit: str(get("rice").uuid)},
        [*amount(number, zero=True), *choice(unit)],
        {"uuid": sheet.uuid},
    )


def _finished_count(get):
    sheet = services.begin_count(
        by=get("hana"), place=get("stocked").store, today=get("today"), key=uuid.uuid4()
    )
    line = sheet.lines.get()
    services.write_counts(by=get("hana"), sheet=sheet, found={line.pk: (Decimal(90), "90 kg")}, is_done=True)
    reason = f"reason_{line.uuid}"
    return Case({reason: "mice"}, text(reason, 200), {"uuid": sheet.uuid})


# --- routes -------------------------------------------------------------------------------------------------


def _route(body, bad):
    return lambda get: Case(body(get), bad(), {"uuid": (get("db"), f.RouteFactory())[1].uuid})


_status = _route(
    lambda get: {"state": "at_risk", "since": str(get("today")), "cause": "snow"},
    lambda: [*choice("state"), *past_day("since"), *text("cause", 200), Bad({"cause": ""}, "cause")],
)
_target = _route(
    lambda get: {"from_month": "2026-02", "kilograms_a_month": "100"},
    lambda: [*month("from_month"), *amount("kilograms_a_month", zero=True)],
)


def _lines(get):
    body = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-item": str(get("rice").uuid)}
    body |= {"lines-0-amount": "2 bags", "lines-0-destination": str(f.RecipientFactory().place.uuid)}
    bad = [
        *amount("lines-0-amount"), *choice("lines-0-item"), *choice("lines-0-destination"),
        Bad({"lines-0-amount": "3 boxes"}, "lines-0-amount", "Write the amount of Rice as"),
        Bad({"lines-0-amount": "3 bags of 20 kg"}, "lines-0-amount", "Write the amount of Rice as"),
        Bad({"lines-0-amount": "bag " * LONG}, "lines-0-amount"),
    ]  # fmt: skip
    return body, bad


def _standing_plan(get):
    lines, bad = _lines(get)
    place = f.PlaceFactory(kind="warehouse")
    body = (
        {"source": str(place.uuid), "day": "5", "from_month": "2027-01", "until_month": ""} | _key() | lines
    )
    bad = [
        *bad, *choice("source"), *month("from_month"), *month("until_month")[:2],
        *(Bad({"day": value}, "day") for value in ("0", "29", "-1", "1.5", "many", "9" * LONG)),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": f.RouteFactory().uuid})


def _plan_end(get):
    plan = (get("db"), f.StandingPlanFactory())[1]
    return Case({"until_month": f"{plan.from_month:%Y-%m}"}, month("until_month"), {"uuid": plan.uuid})


# --- consignments -------------------------------------------------------------------------------------------


def _planned(get):
    f.receive(f.PlaceFactory(kind="warehouse"), get("rice"), 100)
    lines, bad = _lines(get)
    journey, bad_journey = _journey(get)
    return Case(journey | lines, [*bad, *bad_journey])


def _other_lines(get):
    lines, bad = _lines(get)
    before = f.ConsignmentLineFactory(item=get("rice"), planned=1)
    return Case(lines, bad, {"uuid": before.consignment.uuid})


def _journey(get):
    body = {"planned_on": str(get("today")), "route": "", "courier": "Magpie", "note": ""} | _key()
    return body, [*day("planned_on"), *choice("route"), *text("courier", 60), *text("note", 200)]


def _changed_journey(get):
    body, bad = _journey(get)
    return Case(body, bad, {"uuid": f.ConsignmentFactory().uuid})


def _packed(get):
    rice, today = get("rice"), get("today")
    place = f.PlaceFactory(kind="warehouse")
    f.receive(place, rice, 100)
    expired = f.LotFactory(item=rice, expires_on=today - timedelta(days=1))
    f.MovementFactory(item=rice, lot=expired, quantity=60, destination=place)
    line = f.ConsignmentLineFactory(consignment__source=place, item=rice, planned=50)
    number, lot = f"amount-{line.uuid}", f"lot-{line.uuid}"
    bad = [
        *amount(number, zero=True), *choice(lot), *past_day("on"),
        Bad({number: "101"}, number, "Only this much Rice is free"),
        Bad({number: "5 crates"}, number, "Write the amount of Rice as"),
        Bad({lot: str(expired.uuid)}, lot, "give it to nobody"),
    ]  # fmt: skip
    return Case({number: "50", lot: "", "on": str(today)} | _key(), bad, {"uuid": line.consignment.uuid})


def _step(form, *, lost=False, received=False, packed=False, **values):
    """A step of a consignment with 100 of it under way, or packed alone."""

    def made(get):
        today = get("today")
        line = f.packed_line() if packed else f.sent_line()
        by = {"by": get("sora"), "consignment": line.consignment, "on": today, "today": today}
        if lost:
            services.lose_part(**by, key=uuid.uuid4(), amounts={line: Decimal(5)}, how="lost", reason="fell")
        if received:
            line.refresh_from_db()
            services.receive_part(**by, key=uuid.uuid4(), amounts={line: line.sent})
        number = f"amount-{line.uuid}"
        days = past_day if form in ("settle", "cancel") else booked_day  # those two move no goods
        bad, body = days("on"), {"on": str(today)} | _key() | values
        if form in ("receive", "lose", "return", "find"):
            body[number] = "2"
            bad += [
                *amount(number, zero=True), Bad({number: "100001"}, number),
                Bad({number: "2 crates"}, number),
                Bad({number: "0"}, "", "Give an amount for at least one line."),
            ]  # fmt: skip
        if "note" in values:
            bad += text("note", 200)
        if form in ("lose", "return", "find", "lose-all", "cancel"):
            bad += [Bad({"note": ""}, "note", "Say why")]
        if "how" in values:
            bad += choice("how")
        if "came_back" in values:
            bad += choice("came_back")
        return Case(body, bad, {"uuid": line.consignment.uuid, "form": form})

    return made


def _part_taken_back(get):
    line = (get("db"), f.sent_line())[1]
    address = {"uuid": line.consignment.uuid}
    booking = services.receive_part(
        by=get("sora"), consignment=line.consignment, on=get("today"), today=get("today"), key=uuid.uuid4(),
        amounts={line: Decimal(5)},
    ).bookings.get()  # fmt: skip
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason", "Say why")]
    return Case({"reason": "mistyped"} | _key(), bad, address | {"booking": booking.uuid})


def _confirmed(get):
    line = (get("db"), f.sent_line())[1]
    body = {
        "line": str(line.uuid), "received_on": str(get("today")), "receiver": "R-1", "amount": "5",
        "quality": "good", "is_satisfied": "yes", "people": "3", "note": "",
    } | _key()  # fmt: skip
    bad = [
        *choice("line"), *past_day("received_on"), *text("receiver", 20), *amount("amount", zero=True),
        Bad({"received_on": "2020-01-01"}, "received_on", "The step before it"),
        Bad({"amount": "0"}, "people", "Leave the number of people empty"),
        *choice("quality"), *choice("is_satisfied"),
        *(Bad({"people": n}, "people") for n in ("-1", "1.5", "many", "9" * LONG)),
        *text("note", 200),
    ]  # fmt: skip
    return Case(body, bad, {"uuid": line.consignment.uuid})


def _confirmation_taken_back(get):
    word = (get("db"), f.ConfirmationFactory(line=f.sent_line()))[1]
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason", "Say why")]
    return Case(
        {"reason": "twice"} | _key(), bad, {"uuid": word.line.consignment.uuid, "confirmation": word.uuid}
    )


def _cost(get):
    consignment = (get("db"), f.ConsignmentFactory())[1]
    body = {"kind": "transport", "amount": "20", "currency": "CNY", "paid_on": str(get("today")), "note": ""}
    bad = [
        *choice("kind"), *amount("amount"), *choice("currency"), *past_day("paid_on"), *text("note", 200),
        Bad({"amount": "-5"}, "amount", "taken back beside it"),
    ]  # fmt: skip
    return Case(body | _key(), bad, {"uuid": consignment.uuid})


def _cost_taken_back(get):
    cost = (get("db"), f.ConsignmentCostFactory())[1]
    bad = [*text("reason", 200), Bad({"reason": ""}, "reason", "Say why")]
    return Case({"reason": "twice"} | _key(), bad, {"uuid": cost.consignment.uuid, "cost": cost.uuid})


FORMS = [
    Form("supply:book", "sora", _received, "received"),
    Form("supply:book", "sora", _used, "used"),
    Form("supply:book", "sora", _handed_out, "handed out"),
    Form("supply:book", "sora", _moved, "moved"),
    Form("supply:book", "sora", _lost, "lost"),
    Form("supply:take_back", "sora", _taken_back),
    Form("supply:add_item", "sora", _item),
    Form("supply:change_item", "sora", _changed_item),
    Form("supply:add_pack", "sora", _pack),
    *LOTS,
    Form("supply:name_pack", "sora", _pack_name),
    Form("supply:set_level", "sora", _level),
    Form("supply:close_month", "sora", _closing),
    Form("supply:reopen_month", "sora", _opening),
    Form("supply:count", "sora", _count),
    Form("supply:finish_count", "sora", _finished_count),
    Form("supply:change_status", "sora", _status),
    Form("supply:set_target", "sora", _target),
    Form("supply:make_plan", "sora", _standing_plan),
    *ROUTES,
    Form("supply:end_plan", "sora", _plan_end),
    Form("supply:plan_consignment", "sora", _planned),
    Form("supply:change_lines", "sora", _other_lines),
    Form("supply:change_journey", "sora", _changed_journey),
    Form("supply:pack_consignment", "sora", _packed),
    Form("supply:take_step", "sora", _step("send", packed=True), "send"),
    Form("supply:take_step", "sora", _step("receive", note=""), "receive"),
    Form("supply:take_step", "sora", _step("lose", note="fell", how="lost"), "lose"),
    Form("supply:take_step", "sora", _step("return", note="shut"), "return"),
    Form("supply:take_step", "sora", _step("find", lost=True, note="under snow", came_back=""), "find"),
    Form("supply:take_step", "sora", _step("lose-all", note="raid", how="taken"), "lose all"),
    Form("supply:take_step", "sora", _step("settle", received=True), "settle"),
    Form("supply:take_step", "sora", _step("cancel", packed=True, note="snow"), "cancel"),
    Form("supply:take_back_part", "sora", _part_taken_back),
    Form("supply:confirm_receipt", "sora", _confirmed),
    Form("supply:take_back_confirmation", "sora", _confirmation_taken_back),
    Form("supply:note_cost", "sora", _cost),
    Form("supply:take_back_cost", "sora", _cost_taken_back),
]
