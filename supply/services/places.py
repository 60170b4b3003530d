"""Places of the ledger: stores of shelters, warehouses, givers, and those of recipients."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from core.services import is_as_told, save_record
from supply.enums import PlaceKind
from supply.models import Place, Recipient
from supply.services.refusals import CodeTaken, WrongPlace

WITHOUT_A_SHELTER = (PlaceKind.WAREHOUSE, PlaceKind.SUPPLIER)


@transaction.atomic
def make_store(*, by: User, code: str) -> Place:
    """The store of a new shelter, under its code. Raises ValidationError when the code is taken."""
    return save_record(
        by=by, record=Place(), action="supply.place_made", code=code, name=code, kind=PlaceKind.STORE
    )


@transaction.atomic
def add_place(*, by: User, code: str, name: str, kind: str) -> Place:
    """A warehouse, or who gives. The same form again is the same place. Raises CodeTaken."""
    values = {"code": code, "name": name, "kind": kind}
    first = Place.objects.filter(code=code).first()
    if first is not None:
        return _same(first, values)
    try:
        with transaction.atomic():
            return save_record(by=by, record=Place(), action="supply.place_made", **values)
    except (IntegrityError, ValidationError) as error:
        raise CodeTaken from error


@transaction.atomic
def change_place(*, by: User, place: Place, name: str) -> Place:
    """Its code and kind stay: movements, workbooks and waybills know it by them. Raises WrongPlace."""
    if place.kind not in WITHOUT_A_SHELTER:
        raise WrongPlace(place)
    return save_record(by=by, record=place, action="supply.place_changed", name=name)


@transaction.atomic
def add_recipient(*, by: User, code: str, **values: Any) -> Recipient:
    """With its place in the ledger, under the same code. `values`: fields of the record, sealed ones as text.

    The same form again is the same recipient. Raises CodeTaken.
    """
    first = Recipient.objects.filter(code=code).first()
    if first is not None:
        return _same(first, values)
    if Place.objects.filter(code=code).exists():
        raise CodeTaken
    try:
        with transaction.atomic():
            place = save_record(
                by=by, record=Place(), action="supply.place_made", code=code, name=code,
                kind=PlaceKind.RECIPIENT,
            )  # fmt: skip
            recipient = Recipient(place=place)
            return save_record(by=by, record=recipient, action="supply.recipient_added", code=code, **values)
    except (IntegrityError, ValidationError) as error:
        raise CodeTaken from error


@transaction.atomic
def change_recipient(*, by: User, recipient: Recipient, **values: Any) -> Recipient:
    """All but the code; a sealed text that is empty stays as it was."""
    told = {name: value for name, value in values.items() if value or name not in ("real_name", "address")}
    return save_record(by=by, record=recipient, action="supply.recipient_changed", **told)


def _same(first: Any, values: dict[str, Any]) -> Any:
    if not is_as_told(first, values):
        raise CodeTaken
    return first
