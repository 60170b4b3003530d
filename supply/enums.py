from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core.quantities import plain


class ItemKind(TextChoices):
    FOOD = "food", _("food")
    CLOTHING = "clothing", _("clothing")
    MEDICINE = "medicine", _("medicine")
    KIT = "kit", _("kit")
    HYGIENE = "hygiene", _("hygiene")
    OTHER = "other", _("other")


class Unit(TextChoices):
    """Base units. Stock is kept in these; packs are only a lens for typing and printing."""

    KILOGRAM = "kg", _("kg")
    GRAM = "g", _("g")
    LITRE = "l", _("l")
    PIECE = "piece", _("piece")
    SET = "set", _("set")
    KIT = "kit", _("kit")

    def amount(self, number: Decimal | int) -> str:
        """As people say it: 1 piece, 2,500 pieces, 0.5 kg."""
        many = 1 if number == 1 else 2
        match self:
            case Unit.PIECE:
                words = ngettext("%(number)s piece", "%(number)s pieces", many)
            case Unit.SET:
                words = ngettext("%(number)s set", "%(number)s sets", many)
            case Unit.KIT:
                words = ngettext("%(number)s kit", "%(number)s kits", many)
            case _:
                return f"{plain(number)} {self.label}"
        return words % {"number": plain(number)}


WHOLE_UNITS = (Unit.PIECE, Unit.SET, Unit.KIT)


class PlaceKind(TextChoices):
    STORE = "store", _("store of a shelter")
    WAREHOUSE = "warehouse", _("warehouse")
    TRANSIT = "transit", _("in transit")
    SUPPLIER = "supplier", _("supplier or giver")
    OPENING = "opening", _("opening stock")
    CONSUMED = "consumed", _("used up")
    LOST = "lost", _("lost or spoiled")
    COUNTED = "counted", _("difference of a count")
    RECIPIENT = "recipient", _("recipient")


# Places where goods lie: their balance is kept and never goes below zero.
REAL_PLACES = (PlaceKind.STORE, PlaceKind.WAREHOUSE, PlaceKind.TRANSIT)


# Where goods end: shown by what became of them, not by a code.
SINKS = (PlaceKind.CONSUMED, PlaceKind.LOST, PlaceKind.COUNTED)


class Reason(TextChoices):
    OPENING = "opening", _("opening stock")
    BOUGHT = "bought", _("bought")
    GIVEN = "given", _("given")
    DELIVERED = "delivered", _("came with a delivery")
    USED = "used", _("used")
    HANDED_OUT = "handed_out", _("handed out")
    TRANSFER = "transfer", _("moved to another place")
    LOST = "lost", _("lost")
    SPOILED = "spoiled", _("spoiled")
    TAKEN = "taken", _("taken or confiscated")
    COUNTED = "counted", _("difference of a count")
    FOUND = "found", _("found again")
    CORRECTED = "corrected", _("correction of a mistake")


class Booking(TextChoices):
    """What the office books at one of our places; the order of the tabs."""

    RECEIVED = "received", _("received")
    HANDED_OUT = "handed_out", _("handed out")
    MOVED = "moved", _("moved to another place")
    USED = "used", _("used")
    LOST = "lost", _("lost")


class CountState(TextChoices):
    """A sheet goes back from counted to counting when a line is to be counted again."""

    COUNTING = "counting", _("being counted")
    COUNTED = "counted", _("waits for a second person")
    FINISHED = "finished", _("finished")
    SET_ASIDE = "set_aside", _("set aside")


OPEN_COUNTS = (CountState.COUNTING, CountState.COUNTED)


class MonthState(TextChoices):
    CLOSED = "closed", _("month closed")
    REOPENED = "reopened", _("month opened again")


RECEIPT_REASONS = (Reason.DELIVERED, Reason.BOUGHT, Reason.GIVEN)
LOSS_REASONS = (Reason.SPOILED, Reason.LOST, Reason.TAKEN)


class RecipientKind(TextChoices):
    ORPHANAGE = "orphanage", _("orphanage")
    HOSPITAL = "hospital", _("hospital")
    CLINIC = "clinic", _("clinic")
    SCHOOL = "school", _("school")
    FAMILY = "family", _("family")
    CHILDREN_IN_HIDING = "children_in_hiding", _("homeless children in hiding")
    HOUSEHOLDS = "households", _("households")
    OTHER = "other", _("other")


class Area(TextChoices):
    """Totals of what was carried are split by where it went."""

    SHELTERS = "shelters", _("shelters and hiding places")
    INSIDE = "inside", _("inside North Korea")


class RouteKind(TextChoices):
    FOOD = "food", _("food")
    CLOTHING = "clothing", _("clothing")
    ESCAPE = "escape", _("escape")


class Regularity(TextChoices):
    REGULAR = "regular", _("regular")
    IRREGULAR = "irregular", _("irregular")
    TEMPORARY = "temporary", _("temporary")


class RouteState(TextChoices):
    OPEN = "open", _("open")
    AT_RISK = "at_risk", _("at risk")
    LOST = "lost", pgettext_lazy("route", "lost")
    CLOSED = "closed", _("closed")


NOT_PASSABLE = (RouteState.LOST, RouteState.CLOSED)


class Danger(TextChoices):
    """What is done about a consignment of which something would come where nothing goes."""

    CALL = "call", _("call the courier")
    HOLD = "hold", _("do not send")


class ShutBy(TextChoices):
    """Why nothing goes to the store of a shelter."""

    EXPOSED = "exposed", _("exposed")
    CLOSED = "closed", _("closed")
    EVACUATED = "evacuated", _("being evacuated")


class SiteKind(TextChoices):
    """What a stop of a route is to who carries there."""

    DEPOT = "depot", _("depot")
    RESTING = "resting", _("resting place")
    HAND_OVER = "hand_over", _("hand-over point")
    CROSSING = "crossing", _("crossing")
    SHELTER = "shelter", pgettext_lazy("site", "shelter")
    RECIPIENT = "recipient", _("recipient")


class ConsignmentState(TextChoices):
    """Only a step changes it, in the database (supply/migrations/0005_consignments.py)."""

    PLANNED = "planned", pgettext_lazy("consignment", "planned")
    PACKED = "packed", pgettext_lazy("consignment", "packed")
    SENT = "sent", pgettext_lazy("consignment", "under way")
    ARRIVED = "arrived", pgettext_lazy("consignment", "arriving")
    SETTLED = "settled", pgettext_lazy("consignment", "settled")
    CANCELLED = "cancelled", pgettext_lazy("consignment", "cancelled")
    LOST = "lost", pgettext_lazy("consignment", "lost")


# Goods of these stand in transit.
BEFORE_SENDING = (ConsignmentState.PLANNED, ConsignmentState.PACKED)
UNDER_WAY = (ConsignmentState.SENT, ConsignmentState.ARRIVED)
# Goods of these may turn up although they were given up.
MAY_BE_FOUND = (*UNDER_WAY, ConsignmentState.SETTLED, ConsignmentState.LOST)


class StepKind(TextChoices):
    PLANNED = "planned", pgettext_lazy("step", "planned")
    PACKED = "packed", pgettext_lazy("step", "packed")
    SENT = "sent", pgettext_lazy("step", "sent")
    RECEIVED = "received", pgettext_lazy("step", "arrived")
    LOST = "lost", pgettext_lazy("step", "lost on the way")
    RETURNED = "returned", pgettext_lazy("step", "came back")
    FOUND = "found", pgettext_lazy("step", "found later")
    CORRECTED = "corrected", pgettext_lazy("step", "taken back")
    SETTLED = "settled", pgettext_lazy("step", "settled")
    CANCELLED = "cancelled", pgettext_lazy("step", "cancelled")
    ALL_LOST = "all_lost", pgettext_lazy("step", "all of it lost")


# Steps that a consignment takes once.
ONCE = (StepKind.PLANNED, StepKind.SENT, StepKind.SETTLED, StepKind.CANCELLED, StepKind.ALL_LOST)


class BookingKind(TextChoices):
    """What a movement was to a line of a consignment."""

    SENT = "sent", pgettext_lazy("booking", "sent")
    RECEIVED = "received", pgettext_lazy("booking", "arrived")
    LOST = "lost", pgettext_lazy("booking", "lost")
    RETURNED = "returned", pgettext_lazy("booking", "came back")
    FOUND = "found", pgettext_lazy("booking", "found")


class CostKind(TextChoices):
    TRANSPORT = "transport", _("transport")
    COURIER = "courier", _("courier's pay")
    SIDE_PAYMENT = "side_payment", _("side payment")
    LODGING = "lodging", _("food and lodging")
    PACKING = "packing", _("packing")
    OTHER = "other", _("other")


class Quality(TextChoices):
    GOOD = "good", pgettext_lazy("quality", "good")
    PARTLY = "partly", pgettext_lazy("quality", "partly spoiled")
    BAD = "bad", pgettext_lazy("quality", "bad")
