from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName, called
from accounts.permissions import Right
from accounts.roles import ROLES, rights_of
from core.enums import Language
from core.models import Record


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        user = self.model(email=email.strip().lower(), **values)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> "User":
        """`manage.py createsuperuser`: an administrator; there is no role that may do everything."""
        return self.create_user(email, password, role=RoleName.ADMINISTRATOR, **values)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, Record):
    """A person who logs in, by e-mail, in one role."""

    leak_own_names = ("name", "email")

    personal = True

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=RoleName)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.JAPANESE)
    is_active = models.BooleanField(_("may log in"), default=True)
    invited_at = models.DateTimeField(_("invited"), db_default=Now())
    # How often all log-ins of this person were ended at once; each session knows under which count it began.
    log_ins_ended = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_email",
                violation_error_message=_("This e-mail address already has a log-in."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=RoleName.SYSTEM, is_active=True),
                name="user_nobody_logs_in_as_the_system",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=RoleName.SPONSOR)
                | models.Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
                name="user_sponsor_has_no_password",
            ),
        ]

    def __str__(self) -> str:
        return called(self.name)

    @property
    def is_staff_member(self) -> bool:
        """Logs in by password and second factor, or by passkey; a sponsor by passkey or by a link."""
        return self.role != RoleName.SPONSOR

    @property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.role)

    @property
    def role_sentence(self) -> str:
        return str(ROLES[self.role].sentence)

    def check_password(self, raw_password: str | None) -> bool:
        """As in Django, but a hash is made anew only when its person sets a password: nobody else may."""
        return check_password(raw_password, self.password)

    def may(self, right: Right) -> bool:
        return self.is_active and right in self.rights

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """As in Django, and bound to the count: a log-in under way while all are ended is born dead."""
        bound = f"{self.password}:{self.log_ins_ended}"
        return salted_hmac("accounts.User.session", bound, secret=secret, algorithm="sha256").hexdigest()
