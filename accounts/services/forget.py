"""A person forgotten: their data keys are deleted, and with them every value sealed by these, history too."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Outcome, RequestKind, RequestState
from accounts.models import User
from accounts.openings import is_forgotten
from accounts.permissions import Right
from accounts.services.reveal import PurposeMissing
from accounts.services.reveal_log import Answer, Attempt, hold, write_down
from accounts.services.second_person import find_or_ask, use_up
from core import audit
from core.identity import Scope, acting_as
from core.models import DataKey, Record


@transaction.atomic
def forget(*, by: User, subject: Record, reason: str, now: datetime) -> Answer:
    """With a second person always. Nothing brings the values back; code, days and figures stay readable.

    A refusal is an answer, so that its row outlives the request. Raises PurposeMissing.
    """
    attempt = Attempt(by, subject, "", reason, now, RequestKind.FORGET)
    if not by.may(Right.FORGET) or not getattr(subject, "can_be_forgotten", False):
        write_down(attempt, Outcome.REFUSED_RIGHT)
        return Answer(Outcome.REFUSED_RIGHT, _("This is not yours to forget."))
    if not reason.strip():
        raise PurposeMissing
    hold(by)
    # Somebody may have written a name down again since: then there is something to forget again.
    if is_forgotten(subject.uuid) and not _keys(by, subject):
        return Answer(Outcome.FORGOTTEN, _("This person has been forgotten already."))
    request = find_or_ask(attempt)
    if request.state != RequestState.AGREED:
        return Answer(Outcome.ASKED, request=request)
    if not use_up(request, attempt=attempt):
        return Answer(Outcome.ASKED, request=find_or_ask(attempt))
    _keys(by, subject, delete=True)
    write_down(attempt, Outcome.FORGOTTEN, request=request, second=request.decided_by)
    audit.record(by=by, action="accounts.forgotten", subject=subject, reason=attempt.purpose.strip())
    return Answer(Outcome.FORGOTTEN, _("Forgotten. What was sealed about them can never be read again."))


def _keys(by: User, subject: Record, *, delete: bool = False) -> int:
    """How many data keys there are, or were before they were deleted."""
    with acting_as(by, scope=Scope.FORGET):
        keys = DataKey.objects.filter(owner=subject.uuid)
        return keys.delete()[0] if delete else keys.count()
