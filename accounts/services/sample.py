"""The log-ins of the sample."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import RoleName
from accounts.models import User
from core import audit


@transaction.atomic
def give_sample_password(*, by: User, password: str) -> list[User]:
    """Everybody of the sample gets this password. Raises PermissionDenied outside the sample set-up."""
    if not settings.SAMPLE:
        raise PermissionDenied
    active = User.objects.filter(is_active=True).exclude(role=RoleName.SYSTEM)
    active.update(password=make_password(password))  # one hash for all: hashing is slow on purpose
    audit.record(by=by, action="accounts.sample_password", subject=by)
    return list(active.order_by("pk"))
