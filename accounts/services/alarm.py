"""A mail that calls the administrators without saying what for."""

from django.conf import settings
from django.db import transaction

from accounts.enums import RoleName
from accounts.models import User
from core import outbox


@transaction.atomic
def tell_administrators(*, by: User, event: str) -> None:
    """One mail to each other administrator, once an event. Whoever reads a mailbox learns nothing from it."""
    for person in User.objects.filter(role=RoleName.ADMINISTRATOR, is_active=True).exclude(pk=by.pk):
        outbox.post_to(
            person,
            key=f"attention:{event}:{person.uuid}",
            kind=outbox.ACCOUNT_MAIL,
            template="emails/attention",
            words={"site": settings.SITE_URL},
        )
