"""The log-ins of the sample."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import RoleName
from accounts.factors import codes, seeds
from accounts.models import User
from core import audit


@transaction.atomic
def give_sample_password(*, by: User, password: str) -> list[User]:
    """All staff of the sample get this password; returns everybody who can log in.

    Raises PermissionDenied outside the sample set-up.
    """
    _only_in_the_sample()
    # One hash for all: hashing is slow on purpose.
    _people().exclude(role=RoleName.SPONSOR).update(password=make_password(password))
    audit.record(by=by, action="accounts.sample_password", subject=by)
    return list(_people().order_by("pk"))


@transaction.atomic
def give_sample_factors(*, by: User) -> int:
    """Whoever of the staff has no second factor gets an app for codes. Returns how many.

    Raises PermissionDenied outside the sample set-up.
    """
    _only_in_the_sample()
    bare = _people().exclude(role=RoleName.SPONSOR).filter(authenticator__isnull=True)
    apps = [
        Authenticator(
            user=person,
            type=Authenticator.Type.TOTP,
            data={"secret": seeds.seal(codes.new_seed(), person), "last_step": 0},
        )
        for person in bare
    ]
    if apps:
        Authenticator.objects.bulk_create(apps)
        audit.record(by=by, action="accounts.sample_factors", subject=by)
    return len(apps)


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role=RoleName.SYSTEM)


def _only_in_the_sample() -> None:
    if not settings.SAMPLE:
        raise PermissionDenied
