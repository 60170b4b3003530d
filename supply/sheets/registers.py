"""The stock's registers in the workbook."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.services import save_record
from core.workbook.cells import CellRefused, as_code
from core.workbook.columns import (
    RECONSTRUCTED,
    Choice,
    Code,
    Column,
    Day,
    MadeBeside,
    Month,
    OwnCode,
    OwnNumber,
    Reconstructed,
    Sealed,
    Values,
    key_of_number,
    unmarked,
)
from core.workbook.lookups import Label
from core.workbook.rows import Row
from core.workbook.sheets import Sheet
from supply.enums import PlaceKind, Reason
from supply.models import (
    Item,
    Lot,
    Movement,
    Pack,
    Place,
    Recipient,
    Route,
    RouteStatus,
    RouteTarget,
)
from supply.services import (
    AlreadyReversed,
    LotOfAnotherItem,
    MonthClosed,
    NotAnAmount,
    NotCoveredOnDay,
    NotEnoughStock,
    Refusal,
    WholeUnitsOnly,
    hold_ledger,
)
from supply.services.ledger import book

_ABOVE_ZERO = gettext_lazy("It must be above zero.")
_MADE_ELSEWHERE = (PlaceKind.STORE, PlaceKind.RECIPIENT)


class Items(Sheet):
    title = gettext_lazy("Items")
    about = gettext_lazy("What is stocked. Everything is counted in the base unit.")
    model = Item
    columns = ("code", "name", "name_ja", "kind", "base_unit", "rice_kilograms")
    rules = {"item_stands_for_some_rice": ("rice_kilograms", _ABOVE_ZERO)}


class Packs(Sheet):
    title = gettext_lazy("Packs")
    about = gettext_lazy("How an item comes packed: “bag of 25 kg”. Only for typing and printing.")
    model = Pack
    key = ("item", "name")
    columns = ("item", "name", "name_ja", "quantity")
    rules = {"pack_holds_something": ("quantity", _ABOVE_ZERO)}


class Places(Sheet):
    title = gettext_lazy("Places")
    about = gettext_lazy(
        "Warehouses, suppliers and the like. The store of a shelter is made with its shelter, the place of a "
        "recipient with its recipient: name those by their code. Never a real address."
    )
    model = Place
    columns = ("code", "name", Choice("kind", without=_MADE_ELSEWHERE))
    rules = {
        "place_one_of_each_sink": (
            "kind",
            gettext_lazy("There is one place of this kind for everything, and it exists already."),
        )
    }

    def records(self) -> QuerySet:
        return super().records().exclude(kind__in=_MADE_ELSEWHERE)


class Recipients(Sheet):
    title = gettext_lazy("Recipients")
    about = gettext_lazy(
        "Who is given food, clothing or medicine. Only the publishable place is ever printed."
    )
    model = Recipient
    columns = (
        "code",
        "kind",
        "publishable_place",
        "area",
        "people",
        "disclosure",
        MadeBeside(
            "place",
            gettext_lazy("place in the ledger"),
            gettext_lazy("code by which sheet Movements names it; empty: the recipient's own code"),
        ),
        Sealed("real_name", gettext_lazy("real name")),
        Sealed("address", gettext_lazy("address")),
    )

    def makes(self, values: Mapping[str, Any]) -> list[tuple[type[Model], Label]]:
        return [*super().makes(values), (Place, (None, values.get("place") or values["code"]))]

    def made_beside(self, record: Model) -> list[Model]:
        return [record.place]  # type: ignore[attr-defined]

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        if record._state.adding:
            code = values.get("place") or values["code"]
            values["place"] = save_record(
                by=by, record=Place(), action="supply.imported", reason=reason,
                code=code, name=values["code"], kind=PlaceKind.RECIPIENT,
            )  # fmt: skip
        return super().save(by=by, record=record, values=values, reason=reason, row=row)


class Routes(Sheet):
    title = gettext_lazy("Routes")
    about = gettext_lazy(
        "A code is unique with its kind. Where two routes share a code, other sheets write the kind before "
        "it: “food RN-01”."
    )
    model = Route
    key = ("kind", "code")
    columns = (
        "kind",
        "code",
        "regularity",
        "region",
        "disclosure",
        Sealed("drop_points", gettext_lazy("drop points")),
        Sealed("couriers", gettext_lazy("couriers")),
    )

    def labels(self, values: Mapping[str, Any]) -> list[Label]:
        return [(None, values["code"]), (None, f"{values['kind']} {values['code']}")]

    def begin(self) -> None:
        hold_ledger()  # before any route is held: in this order who sends takes them


class RouteStatuses(Sheet):
    title = gettext_lazy("Route statuses")
    model = RouteStatus
    key = ("route", "since", "state")
    columns = ("route", "since", "state", "cause")

    def begin(self) -> None:
        hold_ledger()  # as for routes


class RouteTargets(Sheet):
    title = gettext_lazy("Route targets")
    about = gettext_lazy("What a route should carry a month, from a month on.")
    model = RouteTarget
    key = ("route", "from_month")
    columns = ("route", Month("from_month"), "kilograms_a_month")
    rules = {"route_target_not_negative": ("kilograms_a_month", gettext_lazy("It cannot be below zero."))}


class Lots(Sheet):
    title = gettext_lazy("Lots")
    model = Lot
    key = ("item", "code")
    columns = ("item", "code", "expires_on")

    def labels(self, values: Mapping[str, Any]) -> list[Label]:
        return [(values["item"], values["code"])]


# --- the ledger ----------------------------------------------------------------------------------------


def document_of(*, reconstructed: bool, number: str, text: str) -> str:
    """ "[reconstructed] M-2012-0001: waybill 7": so pages and exports show number and mark."""
    named = ": ".join(part for part in (number, text) if part)
    return f"{RECONSTRUCTED} {named}".strip() if reconstructed else named


def number_and_text(document: str, key: uuid.UUID) -> tuple[str, str]:
    """The movement's own number (its key where it has none) and the document without it."""
    document = unmarked(document)
    number, _colon, text = document.partition(": ")
    if number and key_of_number(number) == key:
        return number, text
    return str(key), document


class _Number(OwnNumber):
    stored_names = ("key", "document")  # type: ignore[assignment]

    def export(self, stored: Values, lookups: Any) -> Any:
        return number_and_text(stored["document"], stored["key"])[0]


class _Document(Column):
    stored_names = ("key", "document")  # type: ignore[assignment]
    width = 40

    def show(self, stored: Values) -> Any:
        return number_and_text(stored["document"], stored["key"])[1]


class _Reverses(OwnCode):
    stored_names = ("reverses__key", "reverses__document")  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__("reverses", by="key")

    def value_of(self, value: Any, cell: Any, row: Row) -> Any:
        return key_of_number(as_code(value))

    def export(self, stored: Values, lookups: Any) -> Any:
        key = stored["reverses__key"]
        return None if key is None else number_and_text(stored["reverses__document"], key)[0]


class Movements(Sheet):
    title = gettext_lazy("Movements")
    about = gettext_lazy(
        "The stock ledger: what went from where to where, in the base unit of the item. Rows may stand in "
        "any order; they are booked by day. Stock that was there before you began comes from a place of the "
        "kind “opening stock”. What was used up or lost goes to the places of those kinds."
    )
    correct_by = gettext_lazy(
        "Put the row back as it was, add a row that moves the same back and names it under “Reverses”, and a "
        "further row that is right."
    )
    model = Movement
    key = ("key",)
    refusals = (Refusal,)
    columns = (
        _Number(gettext_lazy("a number of your own, like M-2012-0001; the same number is the same movement")),
        Day("occurred_on", past=True),
        "item",
        Code("lot", within="item"),
        "quantity",
        "source",
        "destination",
        "reason",
        "route",
        Code("by", help=gettext_lazy("e-mail address of a person; empty: who imports"), keeps=True),
        "typed",
        Reconstructed("document"),
        _Document("document"),
        _Reverses(),
    )
    rules = {
        "movement_moves_something": ("quantity", _ABOVE_ZERO),
        "movement_between_two_places": ("destination", gettext_lazy("It goes to the place it comes from.")),
        "movement_reversal_mirrors": (
            "reverses",
            gettext_lazy("A reversal moves the same item, lot and quantity back the other way, once."),
        ),
        "supply_movement_reverses_id_key": ("reverses", gettext_lazy("That movement is reversed already.")),
    }

    def records(self) -> QuerySet:
        return Movement.objects.order_by("occurred_on", "id")

    def in_order(self, rows: Iterable[Row]) -> list[Row]:
        """By day; on a day what comes in first, then onward from warehouses to stores."""
        return sorted(rows, key=lambda row: (row.values["occurred_on"], _nearness(row), row.number))

    def complete(self, draft: Values, row: Row) -> None:
        if (draft["reason"] == Reason.CORRECTED) != bool(draft.get("reverses")):
            raise CellRefused(
                _("Only a correction of a mistake names a movement under “Reverses”, and it has to name one.")
            )
        text = draft["document"] = document_of(
            reconstructed=bool(row.values.get("document.reconstructed")),
            number=row.aside["number"],
            text=row.values.get("document", ""),
        )
        longest = Movement._meta.get_field("document").max_length or 0
        if len(text) > longest:
            raise CellRefused(_("Number and document are too long together; leave out some words."))

    def may_follow_from_others(self, trouble: Exception, row: Row, others: Sequence[Row]) -> bool:
        """Goods are missing that a row with an error was to bring there."""
        if not isinstance(trouble, NotEnoughStock | NotCoveredOnDay):
            return False
        return not others or any(_may_bring(other, row) for other in others)

    def blame(self, trouble: Exception) -> str:
        return next((column for kinds, column in _BLAMED if isinstance(trouble, kinds)), "")

    def begin(self) -> None:
        hold_ledger()

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        """Booked as of its day, however far back, in the name of the row; the trail says who imported it."""
        movement = Movement(**{"by": by} | values)
        if book(movement) is not movement:  # the reversal stands under another number
            raise AlreadyReversed
        told = audit.difference({}, audit.snapshot(movement, _TOLD))
        audit.record(by=by, action="stock.imported", subject=movement, changes=told, reason=reason)
        return movement


def _may_bring(other: Row, row: Row) -> bool:
    """What its cells do not say may be what is missing."""
    item, place = other.values.get("item"), other.values.get("destination")
    return other is not row and item in (None, row.values["item"]) and place in (None, row.values["source"])


_BLAMED = (
    (NotAnAmount | WholeUnitsOnly | NotEnoughStock, "quantity"),
    (NotCoveredOnDay | MonthClosed, "occurred_on"),
    (LotOfAnotherItem, "lot"),
    (AlreadyReversed, "reverses"),
)
_TOLD = ("item", "lot", "quantity", "source", "destination", "reason", "occurred_on")
_NEARNESS = {PlaceKind.WAREHOUSE: 1, PlaceKind.TRANSIT: 2, PlaceKind.STORE: 3}


def _nearness(row: Row) -> int:
    source = row.lookups.of(Place).records[row.values["source"]]
    return _NEARNESS.get(source.kind, 0)  # type: ignore[attr-defined]
