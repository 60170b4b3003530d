"""What the office books: from a waybill or a list, at any of our places; and the catalogue of items."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.models import User
from core.services import save_record
from supply.enums import Booking
from supply.models import Item, Movement, Pack, Place, Recipient
from supply.services.entries import Entry, deliver, log_loss, log_receipt, log_use, transfer
from supply.services.ledger import broken_rule
from supply.services.lots import lot_received
from supply.services.refusals import CodeTaken, UnitIsKept, WrongPlace

Kind = TypeVar("Kind", bound=Model)


@transaction.atomic
def book_entry(
    *,
    by: User,
    kind: Booking,
    place: Place,
    reason: str = "",
    giver: Place | None = None,
    lot_code: str = "",
    expires_on: date | None = None,
    recipient: Recipient | None = None,
    destination: Place | None = None,
    **entry: Unpack[Entry],
) -> Movement:
    """One line at one of our places; each kind takes its own of `reason` … `destination`.

    `lot_code`, `expires_on`: what came in bears them; the lot is made at first need, named by its day of
    expiry where it has no number. The same key again is the first booking. Raises the refusals of the ledger.
    """
    match kind:
        case Booking.RECEIVED:
            if lot_code or expires_on:
                entry["lot"] = lot_received(
                    by=by, item=entry["item"], code=lot_code, expires_on=expires_on, on=entry["occurred_on"]
                )
            return log_receipt(by=by, place=place, reason=reason, source=giver, **entry)
        case Booking.USED:
            return log_use(by=by, place=place, **entry)
        case Booking.HANDED_OUT if recipient is not None:
            return deliver(by=by, source=place, recipient=recipient, **entry)
        case Booking.MOVED if destination is not None:
            return transfer(by=by, source=place, destination=destination, **entry)
        case Booking.LOST:
            return log_loss(by=by, place=place, reason=reason, **entry)
    raise WrongPlace(place)  # nobody said where to


@transaction.atomic
def add_item(
    *, by: User, code: str, name: str, name_ja: str, kind: str, base_unit: str,
    rice_kilograms: Decimal | None = None,
) -> Item:  # fmt: skip
    """`rice_kilograms`: one base unit stands for them. The same form again is the same item.

    Raises CodeTaken.
    """
    values = {
        "code": code, "name": name, "name_ja": name_ja, "kind": kind, "base_unit": base_unit,
        "rice_kilograms": rice_kilograms,
    }  # fmt: skip
    return _added(by, Item, values) or _same(Item.objects.filter(**values).first())


@transaction.atomic
def change_item(*, by: User, item: Item, **values: Any) -> Item:
    """Raises UnitIsKept once anything names an amount of it, CodeTaken."""
    try:
        with transaction.atomic():
            return save_record(by=by, record=item, action="supply.item_changed", **values)
    except ValidationError as error:
        raise CodeTaken from error
    except IntegrityError as error:
        raise (UnitIsKept if broken_rule(error)[0] == "item_unit_is_kept" else CodeTaken) from error


@transaction.atomic
def add_pack(*, by: User, item: Item, name: str, quantity: Decimal, name_ja: str = "") -> Pack:
    """A way of typing the item. The same form again is the same pack. Raises CodeTaken."""
    values = {"item": item, "name": name, "name_ja": name_ja, "quantity": quantity}
    return _added(by, Pack, values) or _same(Pack.objects.filter(**values).first())


@transaction.atomic
def name_pack(*, by: User, pack: Pack, name_ja: str) -> Pack:
    """Its Japanese name; none is an answer too. Raises CodeTaken."""
    try:
        with transaction.atomic():
            return save_record(by=by, record=pack, action="supply.pack_named", name_ja=name_ja)
    except (ValidationError, IntegrityError) as error:
        raise CodeTaken from error


def _added(by: User, model: type[Kind], values: dict[str, Any]) -> Kind | None:
    """None when its name is taken, a moment ago perhaps."""
    names = {name: values[name] for name in _NAMED_BY[model]}
    if model._default_manager.filter(**names).exists():
        return None
    try:
        with transaction.atomic():
            action = f"supply.{model._meta.model_name}_added"
            return save_record(by=by, record=model(), action=action, **values)
    except (ValidationError, IntegrityError):
        return None


def _same(found: Kind | None) -> Kind:
    if found is None:
        raise CodeTaken
    return found


_NAMED_BY: dict[type[Model], tuple[str, ...]] = {
    Item: ("code",),
    Pack: ("item", "name"),
}
