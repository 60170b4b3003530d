from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet

from accounts.models import LockDown, User
from core.prepared import Asked, Prepared


def _not_locked_down() -> QuerySet[User]:
    in_force = LockDown.objects.in_force().filter(person=OuterRef("pk"))
    return User.objects.filter(~Exists(in_force), pk=Asked("user", BigIntegerField()), is_active=True)


_NOT_LOCKED_DOWN = Prepared(_not_locked_down)


class NotLockedDown(AuthenticationBackend):
    """Who a session belongs to, asked at each request together with whether they may still be here."""

    def get_user(self, user_id: int) -> User | None:
        return _NOT_LOCKED_DOWN.first(user=user_id)
