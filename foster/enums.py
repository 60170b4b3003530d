from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChildState(TextChoices):
    WAITING = "waiting", _("waiting for a sponsor")
    IN_CARE = "in_care", _("in care")
    CONTACT_LOST = "contact_lost", _("contact lost")
    REUNITED = "reunited", _("reunited with family")
    RESETTLED = "resettled", _("resettled")
    OF_AGE = "of_age", _("of age")
    ARRESTED = "arrested", _("arrested")
    DIED = "died", _("died")


# States in which a child is in the programme: they count on a day.
IN_PROGRAMME = (ChildState.WAITING, ChildState.IN_CARE)

# States in which a child may still live where it is written; the same in SQL: foster_children_at.
LIVING_THERE = (*IN_PROGRAMME, ChildState.OF_AGE)


class Half(TextChoices):
    FIRST = "1", _("first half term")
    SECOND = "2", _("second half term")


class EndReason(TextChoices):
    SPONSOR_STOPPED = "sponsor_stopped", _("the sponsor stopped")
    CHILD_LEFT = "child_left", _("the child left the programme")
    REPLACED = "replaced", _("goes on with another child")
    NEVER_PAID = "never_paid", _("never paid")
    SPONSOR_DIED = "sponsor_died", _("the sponsor died")


class UpdateState(TextChoices):
    DRAFT = "draft", _("draft")
    REVIEW = "review", _("waiting for a second person")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReminderResult(TextChoices):
    TO_SEND = "to_send", _("to be sent")
    POSTED = "posted", _("reminded")
    PAID = "paid", _("has paid")
    PAUSED = "paused", _("paused")
    NO_RATE = "no_rate", _("no monthly amount set")
    ENDED = "ended", _("sponsorship has ended")
    OPTED_OUT = "opted_out", _("does not want reminders")
    NO_ADDRESS = "no_address", _("no e-mail address")
    ALREADY = "already", _("already reminded")
    FAILED = "failed", _("could not be processed")
