from decimal import Decimal
from typing import TYPE_CHECKING, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from shelters.models import ClothingGiven, Shelter
from shelters.services.rows import refuse_foreign_shelter, write_down
from supply import services as supply
from supply.enums import WHOLE_UNITS, ItemKind, Reason
from supply.services import Refusal

if TYPE_CHECKING:
    from supply.models import Item


class NotClothing(Refusal):
    about = "line"

    def __init__(self, item: "Item") -> None:
        self.item = item

    def __str__(self) -> str:
        return _("%(item)s is no clothing counted in pieces or sets. Choose another item.") % {
            "item": self.item
        }


@transaction.atomic
def give_clothing(
    *, by: User, shelter: Shelter, season: str, people: int, **entry: Unpack[supply.Entry]
) -> ClothingGiven:
    """Handed out of the shelter's store for a season, `quantity` sets; the same key again is the first one.

    Raises PermissionDenied, NotClothing, refusals of the ledger.
    """
    refuse_foreign_shelter(by, shelter)
    item, sets = entry["item"], entry["quantity"]
    if item.kind != ItemKind.CLOTHING or item.base_unit not in WHOLE_UNITS:
        raise NotClothing(item)
    movement = supply.log_use(by=by, place=shelter.store, reason=Reason.HANDED_OUT, **entry)
    values = {"shelter": shelter, "season": season, "people": people, "sets": int(Decimal(sets))}
    given, is_new = ClothingGiven.objects.get_or_create(movement=movement, defaults=values)
    if (given.season, given.people) != (season, people):
        raise supply.KeyAlreadyUsed
    if is_new:
        write_down(by, "shelters.clothing_given", given)
    return given
