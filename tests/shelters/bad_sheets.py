"""The day sheet, as people mistype it."""

import uuid

from tests.bad_input import Bad, Case, Form, amount, booked_day, choice, day, text


def _sheet(get):
    name = f"used.{get('rice').uuid}"
    bad = [
        *amount(name, zero=True), *booked_day("occurred_on"),
        Bad({name: "100.001"}, name, "There is only this much Rice"),
        *amount("received.new1", zero=True), *choice("item.new1"), *text("lot_code.new1", 40),
        *(bad for bad in day("expires_on.new1") if bad.changes["expires_on.new1"]),
    ]  # fmt: skip
    body = {name: "10", "occurred_on": str(get("today")), "key": str(uuid.uuid4())}
    body |= {"item.new1": str(get("rice").uuid), "received.new1": "3", "lot_code.new1": "L-7"}
    return Case(body, bad, {"uuid": get("stocked").uuid})


SHEETS = [Form("shelters:type_day_sheet", "hana", _sheet)]
