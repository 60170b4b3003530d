from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoleName(TextChoices):
    """One hat a log-in: who does two jobs has two log-ins (docs/adr/0003-one-role-a-log-in.md)."""

    SPONSOR = "sponsor", _("foster parent")
    FIELD_STAFF = "field_staff", _("shelter field staff")
    SUPPLY_COORDINATOR = "supply_coordinator", _("supply coordinator")
    FOSTER_OFFICER = "foster_officer", _("foster officer")
    FINANCE_OFFICER = "finance_officer", _("finance officer")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")
    SYSTEM = "system", _("the system itself")


SYSTEM_NAME = "System"  # kept with what it wrote


def called(name: str) -> str:
    """Who wrote it, as a page names them: the system in the reader's language."""
    return now("System") if name == SYSTEM_NAME else name


class LockReason(TextChoices):
    """Why somebody is locked down, as people say it on the telephone."""

    ARRESTED = "arrested", _("arrested or taken away")
    RAID = "raid", _("raid or search")
    FORCED = "forced", _("forced to log in or to show something")
    PHONE_LOST = "phone_lost", _("phone lost or taken")
    MISSING = "missing", _("cannot be reached")
    MISTAKE = "mistake", _("showed or sent something by mistake")
    DISMISSED = "dismissed", _("does not work with us any more")
    OTHER = "other", _("something else")


class SecondPerson(StrEnum):
    """When an opening needs a second person, in the marks of the matrix."""

    NEVER = ""
    WHILE_SET = "2s"  # while REVEAL_NEEDS_TWO is on
    ALWAYS = "2"


class RequestKind(TextChoices):
    """What a person wants to do with sealed values."""

    OPEN = "open", pgettext_lazy("sealed value", "open")
    BREAK_GLASS = "break_glass", _("open in an emergency")
    FORGET = "forget", _("forget for ever")


class RequestState(TextChoices):
    WAITING = "waiting", _("waits for a second person")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")
    USED = "used", pgettext_lazy("agreement", "used")
    EXPIRED = "expired", _("time was over")


class Outcome(TextChoices):
    """What became of an attempt on a sealed value; each is a row of the log."""

    OPENED = "opened", pgettext_lazy("sealed value", "opened")
    PASSAGE = "passage", _("read in a finding of the leak guard")  # a text with it; counts for no limit
    ASKED = "asked", _("a second person was asked")
    DECLINED = "declined", _("declined as the second person")
    REFUSED_RIGHT = "refused_right", _("refused: not theirs to open")
    REFUSED_QUOTA = "refused_quota", _("refused: too many in an hour")
    CANNOT_OPEN = "cannot_open", _("could not be opened: key missing")
    FORGOTTEN = "forgotten", _("forgotten")
