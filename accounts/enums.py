from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
