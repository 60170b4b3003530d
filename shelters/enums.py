from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShelterKind(TextChoices):
    SHELTER = "shelter", _("shelter")
    RETREAT = "retreat", _("emergency retreat")
    HUT = "hut", _("hut")


class ShelterState(TextChoices):
    OPEN = "open", _("open")
    AT_RISK = "at_risk", _("at risk")
    EXPOSED = "exposed", _("exposed")
    CLOSED = "closed", _("closed")


class Sex(TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("not known")


class Entry(TextChoices):
    """What field staff log; the order of the buttons."""

    USED = "used", _("used")
    HANDED_OUT = "handed_out", _("handed out")
    RECEIVED = "received", _("received")
    COUNTED = "counted", _("counted")
    LOST = "lost", _("lost")
    MOVED = "moved", pgettext_lazy("goods", "moved")


class Outcome(TextChoices):
    """How a stay ended."""

    MOVED = "moved", _("moved to another shelter")
    SAFE_COUNTRY = "safe_country", _("reached a safe country")
    RETURNED = "returned", _("went back by choice")
    ARRESTED = "arrested", _("arrested")
    REPATRIATED = "repatriated", _("sent back by force")
    DIED = "died", _("died")
    UNKNOWN = "unknown", _("not known")
