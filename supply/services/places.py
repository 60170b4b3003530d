"""Places of the ledger."""

from django.db import transaction

from accounts.models import User
from core.services import save_record
from supply.enums import PlaceKind
from supply.models import Place


@transaction.atomic
def make_store(*, by: User, code: str) -> Place:
    """The store of a new shelter, under its code. Raises ValidationError when the code is taken."""
    return save_record(
        by=by, record=Place(), action="supply.place_made", code=code, name=code, kind=PlaceKind.STORE
    )
