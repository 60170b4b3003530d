"""Where a child of the programme lives."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from accounts.models import User
from core.services import save_record
from foster.models import Child
from shelters.services import TakesNobody
from supply.services import broken_rule

if TYPE_CHECKING:
    from shelters.models import Shelter


@transaction.atomic
def move_child(*, by: User, child: Child, shelter: "Shelter | None") -> Child:
    """To another shelter, or to none of ours. The same again changes nothing. Raises TakesNobody."""
    try:
        with transaction.atomic():
            return save_record(by=by, record=child, action="foster.moved", shelter=shelter)
    except IntegrityError as error:
        if broken_rule(error)[0] == "child_moves_to_an_open_shelter":
            raise TakesNobody from error
        raise
