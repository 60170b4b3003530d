"""Routes and their sites, as people mistype them."""

import uuid

from tests import factories as f
from tests.bad_input import Bad, Case, Form, choice, day, past_day, text


def _key():
    return {"key": str(uuid.uuid4())}


def _route_body(get):
    get("db")
    return {
        "kind": "food", "code": "RN-77", "regularity": "irregular", "region": "valley", "drop_points": "",
        "couriers": "",
    }  # fmt: skip


def _bad_route():
    f.RouteFactory(code="RN-01", regularity="regular")
    return [
        *choice("kind"), *choice("regularity"), *text("region", 100), *text("drop_points", 1000),
        *text("couriers", 1000),
    ]  # fmt: skip


def _new_route(get):
    body, taken = _route_body(get), Bad({"code": "RN-01"}, "code", "taken already")
    return Case(body, [*_bad_route(), *text("code", 20), taken])


def _changed_route(get):
    body = _route_body(get) | {"kind": "clothing", "reason": "fewer guards"}
    found = f.RouteFactory(kind="clothing", code="RN-01")
    taken = Bad({"kind": "food"}, "kind", "taken already")
    bad = [*_bad_route(), *text("reason", 200), Bad({"reason": ""}, "reason", "Say why"), taken]
    return Case(body, bad, {"uuid": found.uuid})


def _site_at(get):
    today, recipient = get("today"), f.RecipientFactory().place
    known = f.RouteSiteFactory(name="Heron")
    body = {"kind": "crossing", "name": "Otter", "place": "", "after": str(known.uuid), "since": str(today)}
    bad = [
        *choice("kind"), *choice("place"), *choice("after"), *text("name", 20), *past_day("since"),
        *text("whereabouts", 1000),
        Bad({"name": ""}, "name", "Choose a place, or write a code name"),
        Bad({"place": str(recipient.uuid)}, "name", "Choose a place, or write a code name"),
        Bad({"place": str(recipient.uuid), "name": ""}, "kind", "This place is a recipient"),
        Bad({"kind": "recipient"}, "kind", "Choose the recipient"),
        Bad({"name": "Heron"}, "name", "has this site already"),
    ]  # fmt: skip
    return Case(body | {"whereabouts": ""} | _key(), bad, {"uuid": known.route.uuid})


def _changed_site(get):
    known = (get("db"), f.RouteSiteFactory(name="Heron"))[1]
    bad = [
        *choice("kind"), *choice("after"), *text("whereabouts", 1000),
        Bad({"kind": "recipient"}, "kind", "Choose the recipient"),
    ]  # fmt: skip
    return Case(
        {"kind": "depot", "after": "", "whereabouts": ""} | _key(),
        bad,
        {"uuid": known.uuid},
    )


def _ended_site(get):
    today = get("today")
    site = (get("db"), f.RouteSiteFactory(since=today))[1]
    bad = [*day("until")[:2], Bad({"until": "2019-01-01"}, "", "The last day lies before the first.")]
    return Case({"until": str(today)}, bad, {"uuid": site.uuid})


CODES = [
    *text("code", 20),
    Bad({"code": "depot 2"}, "code", "capital letters"),
    Bad({"code": "TR-1"}, "code", "kept for the road"),
    Bad({"code": "DEPOT"}, "code", "taken already"),
]


def _new_place(get):
    get("db"), f.PlaceFactory(code="DEPOT", kind="warehouse", name="Depot")
    body = {"code": "DEPOT-2", "kind": "supplier", "name": "Depot 2"}
    return Case(body, [*CODES, *choice("kind"), *text("name", 100)])


def _changed_place(get):
    place = (get("db"), f.PlaceFactory(code="DEPOT", kind="warehouse"))[1]
    return Case({"name": "Depot 2"}, text("name", 100), {"uuid": place.uuid})


RECIPIENT = {
    "kind": "family", "publishable_place": "North", "area": "inside", "people": "5", "real_name": "",
    "address": "",
}  # fmt: skip
BAD_RECIPIENTS = [
    *choice("kind"), *choice("area"), *text("publishable_place", 100), *text("real_name", 1000),
    *text("address", 1000), *(Bad({"people": n}, "people") for n in ("-1", "1.5", "many")),
]  # fmt: skip


def _new_recipient(get):
    get("db"), f.PlaceFactory(code="DEPOT", kind="warehouse")
    return Case(RECIPIENT | {"code": "RC-90"}, [*CODES, *BAD_RECIPIENTS])


def _changed_recipient(get):
    found = (get("db"), f.RecipientFactory())[1]
    return Case(RECIPIENT, BAD_RECIPIENTS, {"uuid": found.uuid})


ROUTES = [
    Form("supply:add_place", "sora", _new_place),
    Form("supply:change_place", "sora", _changed_place),
    Form("supply:add_recipient", "sora", _new_recipient),
    Form("supply:change_recipient", "sora", _changed_recipient),
    Form("supply:add_route", "sora", _new_route),
    Form("supply:change_route", "sora", _changed_route),
    Form("supply:add_site", "sora", _site_at),
    Form("supply:change_site", "sora", _changed_site),
    Form("supply:end_site", "sora", _ended_site),
]
