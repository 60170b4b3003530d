from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    RESCUE = "rescue", _("rescue milestone")
    RESETTLEMENT = "resettlement", _("resettlement")
    LANGUAGE_TERM = "language_term", _("language class term")
    LECTURE = "lecture", _("lecture")
    EVENT = "event", _("event")
    MEETING = "meeting", _("general meeting")
    ADVOCACY = "advocacy", _("advocacy")
    MEDICAL = "medical", _("medical aid")
    ARTICLE = "article", _("translated article")
    PUBLICATION = "publication", _("publication")
    VOLUNTEERS = "volunteers", _("volunteers")
    SHELTER_VISIT = "shelter_visit", _("visit to shelters")
    OTHER = "other", _("other")


class Milestone(TextChoices):
    """People of a rescue are counted by one named milestone, never by two."""

    REQUESTED = "requested", _("asked for help")
    STARTED = "started", _("operation started")
    SAFE_ZONE = "safe_zone", _("reached a safe zone")
    FINAL_COUNTRY = "final_country", _("reached the final country")


class Inclusion(TextChoices):
    """Where a line stands to the year it is printed in."""

    IN_YEAR = "in_year", _("in the year")
    SUBSEQUENT = "subsequent", _("after the year")


class ReportState(TextChoices):
    QUEUED = "queued", _("waiting")
    DRAFT = "draft", _("draft")
