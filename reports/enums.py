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


class MeasureName(TextChoices):
    """What a number of an activity counts. The figures of the report look for these names."""

    PEOPLE = "people", _("people")  # rescue (by its milestone), resettlement
    HOURS = "hours", _("hours")  # language class term
    NGOS = "NGOs", _("NGOs")  # event, advocacy
    NATIONS = "nations", _("nations")  # event
    BODIES = "bodies", _("bodies petitioned")  # advocacy
    LECTURES = "lectures", _("lectures")
    CASES = "cases", _("medical cases")
    VISITS = "visits", _("visits")  # to shelters
    VOLUNTEERS = "volunteers", _("volunteers")
    APPLICATIONS = "applications", _("applications")  # of people who wish to volunteer
    PROFILES = "profiles", _("wanted profiles")  # of volunteers
    GUESTS = "guests", _("settled guests")  # of a general meeting
    MONTHS = "months", _("months since the newest guest arrived")  # of a general meeting


class FigureKind(TextChoices):
    """How a figure adds up. Only events are summed over a year."""

    EVENT = "event", _("happened in the year")
    STOCK = "stock", _("stood on a day")
    DISTINCT = "distinct", _("each counted once")
    LARGEST = "largest", _("the largest of the year")
    LATEST = "latest", _("the latest")
    COMPARISON = "comparison", _("against the year before")
