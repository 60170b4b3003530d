"""The digest of the logs, sent away from the database it vouches for."""

from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import RoleName
from accounts.models import User
from core import outbox


@transaction.atomic
def mail_trail_digest(*, by: User, line: str, today: date) -> int:
    """One mail a day to each auditor. It holds a number and a checksum, nothing of what the logs say.

    Returns how many mails are new.
    """
    auditors = User.objects.filter(role=RoleName.AUDITOR, is_active=True)
    return sum(_mail(auditor, line, today) for auditor in auditors)


def _mail(auditor: User, line: str, today: date) -> bool:
    with translation.override(auditor.language):
        words = _("Keep this line; it shows later whether a log was changed:\n\n%(line)s")
        return outbox.post(
            key=f"trail-digest:{auditor.uuid}:{today}",
            kind=outbox.DIGEST_MAIL,
            to_address=auditor.email,
            to_user_id=auditor.pk,
            language=auditor.language,
            subject=_("Checksum of the day"),
            body=words % {"line": line},
            fixed_text=words,
        )
