from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Right
from shelters.models import Allowance, AllowanceTakenBack
from shelters.services.rows import once, write_down
from supply.services import KeyAlreadyUsed, Refusal


class AllowanceIsTakenBack(Refusal):
    def __str__(self) -> str:
        return _("This allowance has already been taken back.")


@transaction.atomic
def take_back_allowance(*, by: User, key: UUID, allowance: Allowance, reason: str) -> AllowanceTakenBack:
    """It stays in the list and counts nowhere. Raises PermissionDenied, AllowanceIsTakenBack.

    The same form again is the first one; of two at once the database keeps one.
    """
    theirs = Allowance.objects.visible_to(by).filter(pk=allowance.pk).exists()
    if not theirs or not by.may(Right.ALLOWANCE_REVERSE):
        raise PermissionDenied
    row = AllowanceTakenBack(allowance=allowance, reason=reason, by=by, key=key)
    try:
        booked = once(row, ("allowance_id", "reason", "by_id"))
    except KeyAlreadyUsed:
        if AllowanceTakenBack.objects.filter(allowance=allowance).exists():
            raise AllowanceIsTakenBack from None
        raise
    if booked is row:
        write_down(by, "shelters.allowance_taken_back", row)
    return booked
