import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import DisclosureField, QuantityField, Record
from core.sealed import SealedTextField
from supply.enums import (
    REAL_PLACES,
    Area,
    ItemKind,
    PlaceKind,
    Reason,
    RecipientKind,
    Regularity,
    RouteKind,
    RouteState,
    Unit,
)


class Item(Record):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_ja = models.CharField(_("Japanese name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind)
    base_unit = models.CharField(_("base unit"), max_length=5, choices=Unit)

    class Meta:
        verbose_name = _("item")
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_ja if self.name_ja and get_language() == "ja" else self.name


class Pack(Record):
    """How an item is typed and printed: "bag of 25 kg". Stock itself is kept in the base unit."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="packs", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=50)
    quantity = QuantityField(verbose_name=_("quantity in the base unit"))

    class Meta:
        verbose_name = _("pack")
        ordering = ["item", "-quantity"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="pack_one_name_an_item"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pack_holds_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Lot(Record):
    item = models.ForeignKey(Item, models.PROTECT, related_name="lots", verbose_name=_("item"))
    code = models.CharField(_("code"), max_length=40)
    expires_on = models.DateField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot")
        ordering = ["expires_on", "code"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="lot_one_code_an_item")]

    def __str__(self) -> str:
        return self.code


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
                condition=Q(kind__in=[PlaceKind.CONSUMED, PlaceKind.LOST, PlaceKind.COUNTED]),
                name="place_one_of_each_sink",
            )
        ]

    def __str__(self) -> str:
        return self.code

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


class RouteQuerySet(models.QuerySet["Route"]):
    def visible_to(self, user: User) -> "RouteQuerySet":
        return self.all() if user.may(Right.ROUTES_READ) else self.none()


class Route(Record):
    leak_codes = ("code",)
    leak_published = ("region",)

    kind = models.CharField(_("kind"), max_length=10, choices=RouteKind)
    code = models.CharField(_("code"), max_length=20)
    regularity = models.CharField(_("regularity"), max_length=10, choices=Regularity)
    region = models.CharField(_("publishable region"), max_length=100, blank=True)
    drop_points = SealedTextField(_("drop points"), right=Right.REVEAL_ROUTE)
    couriers = SealedTextField(_("couriers"), right=Right.REVEAL_ROUTE, holds=Holds.CONTACT)
    disclosure = DisclosureField()

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        ordering = ["kind", "code"]
        constraints = [
            # One code may name a route and a place, or a food and an escape route.
            models.UniqueConstraint(fields=["kind", "code"], name="route_one_code_a_kind")
        ]

    def __str__(self) -> str:
        return self.code


class RouteStatus(Record):
    """What became of a route, and since when: its history, newest last."""

    append_only = True

    route = models.ForeignKey(Route, models.PROTECT, related_name="statuses", verbose_name=_("route"))
    state = models.CharField(_("state"), max_length=10, choices=RouteState)
    since = models.DateField(_("since"))
    cause = models.CharField(_("cause"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("route status")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["route", "since", "state"], name="route_status_once")]

    def __str__(self) -> str:
        return f"{self.route.code} {self.get_state_display()}"


class RouteTarget(Record):
    """What a route should carry a month, from a month on: kilograms of rice or the equivalent."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="targets", verbose_name=_("route"))
    from_month = models.DateField(_("from month"))
    kilograms_a_month = QuantityField(verbose_name=_("kg a month"))

    class Meta:
        verbose_name = _("route target")
        ordering = ["route", "from_month"]
        constraints = [
            models.UniqueConstraint(fields=["route", "from_month"], name="route_target_one_a_month"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="route_target_from_a_first"),
            models.CheckConstraint(condition=Q(kilograms_a_month__gte=0), name="route_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.route.code} {self.from_month:%Y-%m}"


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
        places = Place.objects.visible_to(user)
        return self.filter(Q(source__in=places) | Q(destination__in=places))


class Movement(Record):
    """One row of the ledger: goods go from one place to another. Never edited, only reversed.

    Inserting it changes the balances of both places in the same statement, by trigger.
    """

    append_only = True

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    quantity = QuantityField(verbose_name=_("quantity"))
    source = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("from"))
    destination = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("to"))
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
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.quantity}"


class Balance(models.Model):
    """What lies at a real place now. Written by the ledger's trigger alone; `check_ledger` re-adds it."""

    written_by_trigger = True

    place = models.ForeignKey(Place, models.PROTECT, related_name="balances", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", null=True, verbose_name=_("lot"))
    quantity = QuantityField(verbose_name=_("quantity"))

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


class StockCount(Record):
    """One line of a store counted: what the ledger expected, what was found, and the movement between."""

    append_only = True

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    counted_on = models.DateField(_("counted"))
    expected = QuantityField(verbose_name=_("expected"))
    counted = QuantityField(verbose_name=_("found"))
    movement = models.OneToOneField(
        Movement, models.PROTECT, related_name="stock_count", null=True, blank=True,
        verbose_name=_("movement"),
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField()

    class Meta:
        verbose_name = _("stock count")
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="stock_count_one_per_key"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="stock_count_not_negative"),
            models.CheckConstraint(
                condition=Q(movement__isnull=True, counted=F("expected"))
                | (Q(movement__isnull=False) & ~Q(counted=F("expected"))),
                name="stock_count_difference_is_a_movement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.item.code} {self.counted_on}"
