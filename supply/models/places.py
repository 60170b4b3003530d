from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import DisclosureField, Record
from core.sealed import SealedTextField
from core.texts import listed
from supply.enums import (
    REAL_PLACES,
    SINKS,
    Area,
    PlaceKind,
    RecipientKind,
)


class PlaceQuerySet(models.QuerySet["Place"]):
    def real(self) -> "PlaceQuerySet":
        return self.filter(kind__in=REAL_PLACES)

    def visible_to(self, user: User) -> "PlaceQuerySet":
        """All places for who reads all stock; shelters' stores come from `shelters` for field staff."""
        return self.all() if user.may(Right.STOCK_READ) else self.none()


class Place(Record):
    """Where goods are or go. Its code and name are shown to staff: never a real address."""

    leak_codes = ("code",)
    leak_codes_of = {"kind__in": (*REAL_PLACES, PlaceKind.RECIPIENT)}

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=SINKS),
                name="place_one_of_each_sink",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def shown(self) -> str:
        """A place by its code; where goods end, what became of them."""
        return str(PlaceKind(self.kind).label) if self.kind in SINKS else self.code

    @property
    def named(self) -> str:
        """By code; a recipient with its kind and publishable place."""
        recipient = getattr(self, "recipient", None)
        if recipient is None:
            return self.code
        told = filter(None, (recipient.get_kind_display(), recipient.publishable_place))
        return f"{recipient.code} · {listed(told)}"

    @property
    def is_real(self) -> bool:
        return self.kind in REAL_PLACES


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def visible_to(self, user: User) -> "RecipientQuerySet":
        return self.all() if user.may(Right.STOCK_READ) else self.none()


class Recipient(Record):
    """Who is given food, clothing or medicine. The publishable place stands apart from the real one."""

    can_be_forgotten = True
    leak_codes = ("code",)
    leak_published = ("publishable_place",)

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=RecipientKind)
    place = models.OneToOneField(
        Place, models.PROTECT, related_name="recipient", verbose_name=_("place in the ledger")
    )
    publishable_place = models.CharField(_("publishable place"), max_length=100, blank=True)
    area = models.CharField(_("area"), max_length=10, choices=Area)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    real_name = SealedTextField(_("real name"), right=Right.REVEAL_ROUTE, holds=Holds.NAME)
    address = SealedTextField(_("address"), right=Right.REVEAL_ROUTE, holds=Holds.ADDRESS)
    disclosure = DisclosureField()

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
