from supply.models import CountSheet
from tests.access import Row
from tests.factories import (
    ConfirmationFactory,
    ConsignmentCostFactory,
    ConsignmentFactory,
    ConsignmentLineFactory,
    CountLineFactory,
    CountSheetFactory,
    ItemFactory,
    LotFactory,
    MonthClosingFactory,
    MovementFactory,
    PackFactory,
    PlaceFactory,
    RecipientFactory,
    RouteFactory,
    RouteSiteFactory,
    StandingPlanFactory,
    sent_line,
)

STOCK = {"supply_coordinator", "auditor"}


def _route(get):
    get("db")
    return {"uuid": RouteFactory().uuid}


def _site(get):
    get("db")
    return {"uuid": RouteSiteFactory().uuid}


def _lot(get):
    get("db")
    return {"uuid": LotFactory().uuid}


def _recipient(get):
    get("db")
    return {"uuid": RecipientFactory().uuid}


def _depot(get):
    get("db")
    return {"uuid": PlaceFactory(kind="warehouse").uuid}


def _month(get):
    get("db")
    return {"uuid": MonthClosingFactory().uuid}


def _movement(get):
    get("db")
    return {"uuid": MovementFactory().uuid}


def _consignment(get):
    get("db")
    return {"uuid": ConsignmentFactory().uuid}


def _packing(get):
    get("db")
    return {"uuid": ConsignmentLineFactory().consignment.uuid}


def _step(form):
    return lambda get: _under_way(get) | {"form": form}


def _under_way(get):
    get("db")
    return {"uuid": sent_line().consignment.uuid}


def _booking(get):
    get("db")
    line = sent_line()
    return {"uuid": line.consignment.uuid, "booking": line.bookings.get().uuid}


def _confirmation(get):
    get("db")
    word = ConfirmationFactory(line=sent_line())
    return {"uuid": word.line.consignment.uuid, "confirmation": word.uuid}


def _cost(get):
    get("db")
    cost = ConsignmentCostFactory()
    return {"uuid": cost.consignment.uuid, "cost": cost.uuid}


def _plan(get):
    get("db")
    return {"uuid": StandingPlanFactory().uuid}


COORDINATOR = {"supply_coordinator"}


def _place(get):
    get("db")
    return {"uuid": PlaceFactory().uuid}


def _item(get):
    get("db")
    return {"uuid": ItemFactory().uuid}


def _pack(get):
    get("db")
    pack = PackFactory()
    return {"uuid": pack.item.uuid, "pack": pack.uuid}


COUNT = {"field_staff", "supply_coordinator"}


def _store(shelter):
    return lambda get: {"uuid": get(shelter).store.uuid}


def _sheet(shelter):
    """Begun by nobody who asks: each gets an answer that says so."""
    return lambda get: {"uuid": _sheet_at(get(shelter).store).uuid}


def _sheet_at(store):
    return CountSheet.objects.filter(place=store).first() or CountSheetFactory(place=store)


def _line(shelter):
    def address(get):
        line = CountLineFactory(sheet=_sheet_at(get(shelter).store))
        return {"uuid": line.sheet.uuid, "line": line.uuid}

    return address


def _count(name, record=_sheet, **more):
    return Row(
        f"supply:{name}", COUNT, record("willow"), foreign=record("maple"), not_theirs={"field_staff"}, **more
    )


ROWS = [
    Row("supply:board", COORDINATOR),
    Row("supply:plans", COORDINATOR),
    Row("supply:make_drafts", COORDINATOR, post={}),
    Row("supply:end_plan", COORDINATOR, _plan),
    Row("supply:route", COORDINATOR, _route),
    Row("supply:change_status", COORDINATOR, _route),
    Row("supply:set_target", COORDINATOR, _route),
    Row("supply:make_plan", COORDINATOR, _route),
    Row("supply:add_route", COORDINATOR),
    Row("supply:change_route", COORDINATOR, _route),
    Row("supply:sites", COORDINATOR),
    Row("supply:add_site", COORDINATOR, _route),
    Row("supply:change_site", COORDINATOR, _site),
    Row("supply:end_site", COORDINATOR, _site),
    Row("supply:reveal_site", COORDINATOR, _site),
    Row("supply:consignments", COORDINATOR),
    Row("supply:plan_consignment", COORDINATOR),
    Row("supply:consignment", COORDINATOR, _consignment),
    Row("supply:change_journey", COORDINATOR, _consignment),
    Row("supply:change_lines", COORDINATOR, _consignment),
    Row("supply:pack_consignment", COORDINATOR, _packing),
    Row("supply:confirm_receipt", COORDINATOR, _under_way),
    Row("supply:take_back_confirmation", COORDINATOR, _confirmation),
    Row("supply:note_cost", COORDINATOR, _consignment),
    Row("supply:take_back_cost", COORDINATOR, _cost),
    Row("supply:reveal_consignment", COORDINATOR, _consignment),
    Row("supply:take_back_part", COORDINATOR, _booking),
    Row("supply:take_step", COORDINATOR, _step("receive")),
    Row("supply:start", STOCK),
    Row("supply:on_day", STOCK),
    Row("supply:delivered", STOCK),
    Row("supply:movements", STOCK),
    Row("supply:movement", STOCK, _movement),
    Row("supply:take_back", {"supply_coordinator"}, _movement),
    Row("supply:routes", {"supply_coordinator"}),
    Row("supply:reveal_route", {"supply_coordinator"}, _route),
    Row("supply:recipients", STOCK),
    Row("supply:add_recipient", COORDINATOR),
    Row("supply:change_recipient", COORDINATOR, _recipient),
    Row("supply:reveal_recipient", {"supply_coordinator"}, _recipient),
    Row("supply:items", STOCK),
    Row("supply:add_item", {"supply_coordinator"}),
    Row("supply:change_item", {"supply_coordinator"}, _item),
    Row("supply:add_pack", {"supply_coordinator"}, _item),
    Row("supply:change_lot", {"supply_coordinator"}, _lot),
    Row("supply:name_pack", {"supply_coordinator"}, _pack),
    Row("supply:places", STOCK),
    Row("supply:add_place", {"supply_coordinator"}),
    Row("supply:change_place", {"supply_coordinator"}, _depot),
    Row("supply:book", {"supply_coordinator"}, _place),
    Row("supply:counts", COUNT),
    _count("begin_count", _store),
    _count("count"),
    _count("add_count_line", post={}),
    _count("finish_count", post={}),
    _count("recount", _line, post={}),
    _count("set_count_aside", post={}),
    Row("supply:levels", STOCK),
    Row("supply:set_level", {"supply_coordinator"}),
    Row("supply:check_levels", {"supply_coordinator"}, post={}),
    Row("supply:alerts", STOCK),
    Row("supply:months", STOCK),
    Row("supply:close_month", {"supply_coordinator"}),
    Row("supply:reopen_month", {"supply_coordinator"}, _month),
]
