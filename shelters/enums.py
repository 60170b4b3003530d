from datetime import date

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


class GuestOutcome(TextChoices):
    """What becomes of somebody who was expected and has not come."""

    MOVED = "moved", _("sent on to another shelter")
    NOT_COMING = "not_coming", _("does not come")


class IncidentKind(TextChoices):
    RAID = "raid", _("raid")
    ARREST = "arrest", _("arrest")
    FINE = "fine", _("fine")
    EXPOSURE = "exposure", _("exposure")
    EXTORTION = "extortion", _("extortion")
    RANSOM = "ransom", _("ransom")


class PeopleKind(TextChoices):
    """Whom an incident struck."""

    RESIDENTS = "residents", _("residents")
    CHILDREN = "children", pgettext_lazy("people", "children")
    STAFF = "staff", _("staff")
    HELPERS = "helpers", _("helpers and guides")
    OTHERS = "others", _("others")


class IncidentStep(TextChoices):
    """What a line of an incident's timeline tells; who and how stands in its sealed note."""

    RECORDED = "recorded", _("recorded")
    MOVED = "moved", _("people moved elsewhere")
    LAWYER = "lawyer", _("lawyer or authority asked")
    VISITED = "visited", _("visited or spoken to")
    PAID = "paid", pgettext_lazy("incident", "paid")
    RELEASED = "released", _("released")
    SENTENCED = "sentenced", _("sentenced")
    SENT_BACK = "sent_back", _("sent back over the border")
    NO_CONTACT = "no_contact", _("contact lost")
    OVER = "over", _("over")
    MISTAKE = "mistake", _("recorded by mistake: does not count")
    OTHER = "other", _("something else")


class MedicalKind(TextChoices):
    """Kind of a condition; which one it is stands in the sealed text."""

    ILLNESS = "illness", _("illness")
    INJURY = "injury", _("injury")
    PREGNANCY = "pregnancy", _("pregnancy")
    CHRONIC = "chronic", _("chronic illness")
    DENTAL = "dental", _("teeth")
    MENTAL = "mental", _("mental health")
    OTHER = "other", _("other")


class MedicalOutcome(TextChoices):
    RECOVERED = "recovered", _("recovered")
    BIRTH = "birth", _("child born")
    LASTING = "lasting", _("lasting damage")
    ELSEWHERE = "elsewhere", _("treated elsewhere")
    BROKEN_OFF = "broken_off", _("treatment broken off")
    DIED = "died", _("died")
    UNKNOWN = "unknown", _("not known")


class AllowanceReason(TextChoices):
    LEAVES = "leaves", _("leaves to live elsewhere")
    RETURNS = "returns", _("returns to the family")
    HEALTH = "health", _("cannot work for a time")
    OTHER = "other", _("other")


class AllowanceMistake(TextChoices):
    """Why an allowance or a medical cost is taken back."""

    MISTYPED = "mistyped", _("typed wrongly")
    TWICE = "twice", _("entered twice")
    OTHER_PERSON = "other", _("meant for somebody else")
    NOT_PAID = "not_paid", pgettext_lazy("allowance", "never paid")


class Season(TextChoices):
    SPRING = "spring", _("spring")
    SUMMER = "summer", _("summer")
    AUTUMN = "autumn", _("autumn")
    WINTER = "winter", _("winter")

    @classmethod
    def of(cls, day: date) -> "Season":
        """North of the equator, by whole months: March begins the spring."""
        return list(cls)[(day.month // 3 - 1) % 4]
