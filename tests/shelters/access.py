from tests.access import STAFF, Row
from tests.factories import (
    AllowanceFactory,
    ChildFactory,
    EvacuationCallFactory,
    EvacuationFactory,
    IncidentFactory,
    IncidentNoteFactory,
    IncidentPaymentFactory,
    MedicalCaseFactory,
    MedicalCostFactory,
    RouteFactory,
    ShelterLockDownFactory,
    StayFactory,
    receive,
    sent_line,
)

FIELD = {"field_staff"}
STOCK = {"supply_coordinator", "auditor"}
READERS = FIELD | STOCK | {"foster_officer", "administrator"}


def _mine(get):
    return {"uuid": get("willow").uuid}


def _another(get):
    return {"uuid": get("maple").uuid}


def _movement(shelter):
    """At the shelter, but not the asking person's own entry: refused with a sentence."""

    def address(get):
        found = get(shelter)
        return {"uuid": found.uuid, "movement": receive(found.store, get("rice"), 10).uuid}

    return address


def _resident(shelter):
    return lambda get: {"uuid": StayFactory(shelter=get(shelter)).resident.uuid}


def _coming(shelter):
    def address(get):
        found = get(shelter)
        return {"uuid": found.uuid, "consignment": sent_line(found.store).consignment.uuid}

    return address


def _stay(shelter):
    return lambda get: {"uuid": StayFactory(shelter=get(shelter)).uuid}


def _left(shelter):
    """The evacuation that runs there; the table asks for one twice."""
    return shelter.evacuations.first() or EvacuationFactory(shelter=shelter)


def _evacuation(shelter):
    return lambda get: {"uuid": _left(get(shelter)).uuid}


def _sent_on(shelter):
    def address(get):
        evacuation = _left(get(shelter))
        return {"uuid": evacuation.uuid, "stay": StayFactory(shelter=evacuation.shelter).uuid}

    return address


def _child(shelter):
    def address(get):
        evacuation = _left(get(shelter))
        return {"uuid": evacuation.uuid, "child": ChildFactory(shelter=evacuation.shelter).uuid}

    return address


def _called(shelter):
    def address(get):
        call = EvacuationCallFactory(evacuation=_left(get(shelter)))
        return {"uuid": call.evacuation.uuid, "call": call.uuid}

    return address


def _posting(get):
    return {"uuid": get("willow").postings.get().uuid}


def _lock_down(get):
    return {"uuid": ShelterLockDownFactory(shelter=get("willow")).uuid}


def _incident(shelter):
    """Of a shelter and a route: field staff there and the coordinator both go on with it."""
    return lambda get: {"uuid": IncidentFactory(shelter=get(shelter), route=RouteFactory()).uuid}


def _incident_note(shelter):
    def address(get):
        incident = IncidentFactory(shelter=get(shelter), route=RouteFactory())
        return {"uuid": IncidentNoteFactory(incident=incident).uuid}

    return address


def _payment(shelter):
    def address(get):
        incident = IncidentFactory(shelter=get(shelter), route=RouteFactory())
        return {"uuid": incident.uuid, "payment": IncidentPaymentFactory(incident=incident).uuid}

    return address


def _case(shelter):
    return lambda get: {"uuid": MedicalCaseFactory(resident=StayFactory(shelter=get(shelter)).resident).uuid}


def _allowance(shelter):
    return lambda get: {"uuid": AllowanceFactory(resident=StayFactory(shelter=get(shelter)).resident).uuid}


def _cost(shelter):
    def made(get):
        resident = StayFactory(shelter=get(shelter)).resident
        cost = MedicalCostFactory(case=MedicalCaseFactory(resident=resident))
        return {"uuid": cost.case.uuid, "cost": cost.uuid}

    return made


SICK = {"address": _case("willow"), "foreign": _case("maple"), "not_theirs": FIELD}
INCIDENTS = FIELD | {"supply_coordinator", "administrator", "auditor"}
TELLERS = FIELD | {"supply_coordinator"}
PAID_AT_WILLOW = {"foreign": _payment("maple"), "not_theirs": FIELD}
OF_WILLOW = {"foreign": _incident("maple"), "not_theirs": FIELD}
ROWS = [
    Row("shelters:medical_cases", FIELD),
    Row("shelters:open_medical_case", FIELD),
    Row("shelters:medical_sums", {"supply_coordinator"}),
    Row("shelters:medical_case", FIELD, **SICK),
    Row("shelters:reveal_medical_case", FIELD, **SICK),
    Row("shelters:change_treatment", FIELD, **SICK),
    Row("shelters:add_medical_cost", FIELD, **SICK),
    Row("shelters:take_back_medical_cost", FIELD, _cost("willow"), foreign=_cost("maple"), not_theirs=FIELD),
    Row("shelters:give_for_case", FIELD, **SICK),
    Row("shelters:close_medical_case", FIELD, **SICK),
    Row("shelters:allowances", FIELD),
    Row("shelters:grant_allowance", FIELD),
    Row(
        "shelters:take_back_allowance",
        FIELD,
        _allowance("willow"),
        foreign=_allowance("maple"),
        not_theirs=FIELD,
    ),
    Row("shelters:clothing", STOCK),
    Row("shelters:give_clothing", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:incidents", INCIDENTS),
    Row("shelters:log_incident", TELLERS),
    Row("shelters:incident", INCIDENTS, _incident("willow"), **OF_WILLOW),
    Row("shelters:add_incident_note", TELLERS, _incident("willow"), **OF_WILLOW),
    Row("shelters:add_incident_payment", TELLERS, _incident("willow"), **OF_WILLOW),
    Row("shelters:correct_incident_people", TELLERS, _incident("willow"), **OF_WILLOW),
    Row("shelters:take_back_incident_payment", TELLERS, _payment("willow"), **PAID_AT_WILLOW),
    Row("shelters:link_incident_effect", TELLERS, _incident("willow"), **OF_WILLOW),
    Row(
        "shelters:reveal_incident_note",
        TELLERS,
        _incident_note("willow"),
        foreign=_incident_note("maple"),
        not_theirs=FIELD,
    ),
    Row("shelters:lock_down", STAFF),
    Row("shelters:lock_downs", {"administrator", "auditor"}),
    Row("shelters:lift_lock_down", {"administrator"}, _lock_down),
    Row("shelters:locked_people", {"administrator", "auditor"}, _lock_down),
    Row("shelters:list", READERS),
    Row("shelters:evacuations", READERS),
    Row("shelters:start", FIELD),
    Row("shelters:cover", STOCK),
    Row("shelters:forecast", STOCK),
    Row("shelters:rations", STOCK),
    Row("shelters:set_ration", {"supply_coordinator"}),
    Row("shelters:used", STOCK),
    Row("shelters:stock", READERS, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:entries", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:log", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:arriving", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:log_arrival", FIELD, _coming("willow"), foreign=_coming("maple"), not_theirs=FIELD),
    Row("shelters:day_sheet", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:type_day_sheet", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:undo", FIELD, _movement("willow"), foreign=_movement("maple"), not_theirs=FIELD, post={}),
    Row("shelters:reveal_address", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:break_glass", {"administrator"}, _mine),
    Row("shelters:people", STOCK),
    Row("shelters:add_shelter", {"administrator"}),
    Row("shelters:change_shelter", {"administrator"}, _mine),
    Row("shelters:change_state", {"administrator"}, _mine),
    Row("shelters:report_danger", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:write_place", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:postings", {"administrator", "auditor"}),
    Row("shelters:post_person", {"administrator"}),
    Row("shelters:end_posting", {"administrator"}, _posting),
    Row("shelters:arrive", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:come_back", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:count_heads", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:evacuate", FIELD, _mine, foreign=_another, not_theirs=FIELD),
    Row("shelters:order_evacuation", {"administrator"}, _mine),
    Row(
        "shelters:evacuation", READERS, _evacuation("willow"), foreign=_evacuation("maple"), not_theirs=FIELD
    ),
    Row(
        "shelters:send_several_on",
        FIELD,
        _evacuation("willow"),
        foreign=_evacuation("maple"),
        not_theirs=FIELD,
    ),
    Row("shelters:send_child", FIELD, _child("willow"), foreign=_child("maple"), not_theirs=FIELD),
    Row(
        "shelters:send_counted", FIELD, _evacuation("willow"), foreign=_evacuation("maple"), not_theirs=FIELD
    ),
    Row("shelters:send_on", FIELD, _sent_on("willow"), foreign=_sent_on("maple"), not_theirs=FIELD),
    Row(
        "shelters:settle_stock", FIELD, _evacuation("willow"), foreign=_evacuation("maple"), not_theirs=FIELD
    ),
    Row("shelters:reached", FIELD, _called("willow"), foreign=_called("maple"), not_theirs=FIELD, post={}),
    Row(
        "shelters:finish_evacuation",
        FIELD,
        _evacuation("willow"),
        foreign=_evacuation("maple"),
        not_theirs=FIELD,
        post={},
    ),
    Row("shelters:came", FIELD, _stay("willow"), foreign=_stay("maple"), not_theirs=FIELD, post={}),
    Row("shelters:call_off", FIELD, _stay("willow"), foreign=_stay("maple"), not_theirs=FIELD, post={}),
    Row(
        "shelters:take_back_outcome",
        FIELD,
        _stay("willow"),
        foreign=_stay("maple"),
        not_theirs=FIELD,
        post={},
    ),
    Row("shelters:leave", FIELD, _stay("willow"), foreign=_stay("maple"), not_theirs=FIELD),
    Row("shelters:reveal_stay", FIELD, _stay("willow"), foreign=_stay("maple"), not_theirs=FIELD),
    Row("shelters:resident", FIELD, _resident("willow"), foreign=_resident("maple"), not_theirs=FIELD),
    Row("shelters:reveal_resident", FIELD, _resident("willow"), foreign=_resident("maple"), not_theirs=FIELD),
]
