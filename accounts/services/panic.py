"""Leave everything, now."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import User
from accounts.services.alarm import tell_administrators
from accounts.services.ending import end_log_ins
from core import audit


@transaction.atomic
def panic(*, by: User) -> None:
    """Every session of one's own ends everywhere, and the administrators are called without a word why."""
    entry = _end(by, "accounts.panicked")
    tell_administrators(by=by, event=f"panic:{entry.pk}")


@transaction.atomic
def end_own_log_ins(*, by: User) -> None:
    """For one's own lost phone, from another: every session ends, this one too, and every passkey is void.

    Whoever holds the phone and knows its PIN would come in again by the passkey on it. The app's code alone
    lets nobody in. Who has nothing left logs in by password and sets up a new factor first.
    """
    Authenticator.objects.filter(user=by, type=Authenticator.Type.WEBAUTHN).delete()
    _end(by, "accounts.logged_out")


def _end(by: User, action: str) -> audit.AuditEntry:
    ended = end_log_ins(by)
    return audit.record(by=by, action=action, subject=by, changes={"devices": [ended, 0]})
