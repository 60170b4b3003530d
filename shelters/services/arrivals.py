from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from shelters.models import Shelter
from supply import services as supply

if TYPE_CHECKING:
    from supply.models import Consignment, ConsignmentLine, ConsignmentStep


@transaction.atomic
def confirm_arrival(
    *,
    by: User,
    shelter: Shelter,
    consignment: "Consignment",
    amounts: "Mapping[ConsignmentLine, Decimal]",
    on: date,
    today: date,
    key: UUID,
    note: str = "",
) -> "ConsignmentStep":
    """A part arrived at the shelter's own store; the same key again is the first booking.

    Raises PermissionDenied at another's shelter or of another's lines, and the refusals of the ledger.
    """
    is_own = Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists()
    if not is_own or any(line.destination_id != shelter.store_id for line in amounts):
        raise PermissionDenied
    return supply.receive_part(
        by=by, consignment=consignment, amounts=amounts, on=on, today=today, key=key, note=note
    )
