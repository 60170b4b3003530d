import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.models import QuantityField, Record
from supply.enums import PlaceKind, Reason
from supply.models.items import Item, Lot, names_a_pack
from supply.models.places import Place
from supply.models.routes import Route


class MovementQuerySet(models.QuerySet["Movement"]):
    def effective(self) -> "MovementQuerySet":
        """Without the mistakes: neither reversed rows nor the reversals themselves."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)

    def of_place(self, place: Place) -> "MovementQuerySet":
        return self.filter(Q(source=place) | Q(destination=place))

    def deliveries(self) -> "MovementQuerySet":
        """What reached people outside our own stores."""
        return self.effective().filter(destination__kind=PlaceKind.RECIPIENT)

    def visible_to(self, user: User) -> "MovementQuerySet":
        """All for who reads all stock, as for places: no join that a million rows would feel."""
        return self.all() if user.may(Right.STOCK_READ) else self.none()


class Movement(Record):
    """One row of the ledger: goods go from one place to another. Never edited, only reversed.

    Inserting it changes the balances of both places in the same statement, by trigger.
    """

    append_only = True

    # Item and places: the indexes below begin with them.
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    quantity = QuantityField(verbose_name=_("quantity"))
    source = models.ForeignKey(
        Place, models.PROTECT, related_name="+", db_index=False, verbose_name=_("from")
    )
    destination = models.ForeignKey(
        Place, models.PROTECT, related_name="+", db_index=False, verbose_name=_("to")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    occurred_on = models.DateField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    typed = models.CharField(_("as typed"), max_length=60, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    route = models.ForeignKey(
        Route, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("route")
    )
    key = models.UUIDField(default=uuid.uuid4)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", null=True, blank=True,
        verbose_name=_("reverses"),
    )  # fmt: skip

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement")
        ordering = ["-occurred_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="movement_between_two_places"),
            models.UniqueConstraint(fields=["key"], name="movement_one_per_key"),
        ]
        indexes = [
            models.Index(fields=["source", "item", "occurred_on"], name="movement_out_of"),
            models.Index(fields=["destination", "item", "occurred_on"], name="movement_into"),
            models.Index(fields=["-occurred_on", "-id"], name="movement_newest"),
            models.Index(fields=["source", "-id"], name="movement_last_out_of"),
            models.Index(fields=["destination", "-id"], name="movement_last_into"),
            # With what the row policy asks: keys of a place's list are found without their rows.
            models.Index(
                fields=["source", "-occurred_on", "-id"],
                include=["destination"],
                name="movement_newest_out_of",
            ),
            models.Index(
                fields=["destination", "-occurred_on", "-id"],
                include=["source"],
                name="movement_newest_into",
            ),
            models.Index(fields=["item", "-occurred_on", "-id"], name="movement_newest_of_item"),
            models.Index(fields=["reason", "-occurred_on", "-id"], name="movement_newest_for_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.quantity}"

    @property
    def names_a_pack(self) -> bool:
        return names_a_pack(self.typed, self.quantity)

    @property
    def said(self) -> str:
        return self.item.said(self.typed, self.quantity)


class BalanceQuerySet(models.QuerySet["Balance"]):
    def visible_to(self, user: User) -> "BalanceQuerySet":
        """As movements are."""
        return self.all() if user.may(Right.STOCK_READ) else self.none()


class Balance(models.Model):
    """What lies at a real place now. Written by the ledger's trigger alone; `check_ledger` re-adds it."""

    written_by_trigger = True

    place = models.ForeignKey(Place, models.PROTECT, related_name="balances", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", null=True, verbose_name=_("lot"))
    quantity = QuantityField(verbose_name=_("quantity"))

    objects = BalanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance")
        ordering = ["place", "item", "lot"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "item", "lot"], nulls_distinct=False, name="balance_one_each"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="balance_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.item.code}"
