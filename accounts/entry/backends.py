from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from accounts.models import LockDown, User


class NotLockedDown(AuthenticationBackend):
    """Who a session belongs to, asked at each request together with whether they may still be here."""

    def get_user(self, user_id: int) -> User | None:
        in_force = LockDown.objects.in_force().filter(person=OuterRef("pk"))
        return User.objects.filter(~Exists(in_force), pk=user_id, is_active=True).first()
