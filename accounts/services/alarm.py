"""A mail that calls the administrators without saying what for."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.enums import RoleName
from accounts.models import User
from core import outbox


@transaction.atomic
def tell_administrators(*, by: User, event: str) -> None:
    """One mail to each other administrator, once an event. Whoever reads a mailbox learns nothing from it."""
    for person in User.objects.filter(role=RoleName.ADMINISTRATOR, is_active=True).exclude(pk=by.pk):
        with translation.override(person.language):
            subject = render_to_string("emails/attention_subject.txt").strip()
            body = render_to_string("emails/attention_message.txt", {"site": settings.SITE_URL})
        outbox.post(
            key=f"attention:{event}:{person.uuid}",
            kind=outbox.ACCOUNT_MAIL,
            to_address=person.email,
            to_user_id=person.pk,
            language=person.language,
            subject=subject,
            body=body,
        )
