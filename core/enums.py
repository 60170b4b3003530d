from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Disclosure(TextChoices):
    """Who outside the staff concerned may ever be told of a record."""

    INTERNAL = "internal", _("internal")
    MEMBERS = "members", _("members")
    PUBLIC = "public", _("public")


class Qualifier(TextChoices):
    """How exact a number is; a draft prints it back."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("more than")
    AT_LEAST = "at_least", _("at least")
    UP_TO = "up_to", _("up to")
    RANGE = "range", _("range")
    NOT_COUNTED = "not_counted", _("not counted")
    WITHHELD = "withheld", _("withheld")


class Precision(TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Language(TextChoices):
    ENGLISH = "en", "English"
    JAPANESE = "ja", "日本語"


class TimeZone(TextChoices):
    """Where a shelter's days begin and end. As few and as wide as the clocks allow: it tells of a place."""

    TOKYO = "Asia/Tokyo", _("Japan / Korea")
    SHANGHAI = "Asia/Shanghai", _("China / Mongolia")
    BANGKOK = "Asia/Bangkok", _("Thailand / Laos / Vietnam / Cambodia")
    VLADIVOSTOK = "Asia/Vladivostok", _("Far East of Russia")


class MessageState(TextChoices):
    QUEUED = "queued", _("waiting")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    WITHDRAWN = "withdrawn", _("no longer wanted")
    FAILED = "failed", _("failed")
    IN_DOUBT = "in_doubt", _("in doubt")
    HELD = "held", _("held back")


class JobState(TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Holds(StrEnum):
    """What kind of text a sealed field holds."""

    NAME = "name"  # one name, or several with a line, a stroke or brackets between them
    ADDRESS = "address"
    CONTACT = "contact"  # telephone numbers, map points, accounts, with words around them
    WORDS = "words"  # free text


class Channel(TextChoices):
    """By which way a text leaves."""

    UPDATE = "update", _("update for sponsors")
    MAIL = "mail", _("mail")
    REPORT = "report", _("annual report")
    EXPORT = "export", _("export of a register")
    WORKBOOK = "workbook", _("workbook")


class Level(TextChoices):
    """How surely a passage is what was found in it. Both hold a text back."""

    SURE = "sure", _("sure")
    POSSIBLE = "possible", _("possible")


class FindingState(TextChoices):
    OPEN = "open", _("waits for a person")
    TAKE_OUT = "take_out", _("has to come out")
    NO_LEAK = "no_leak", _("is not a leak")
    OVERTAKEN = "overtaken", _("the text has changed")


class Operation(TextChoices):
    """What happened to a row."""

    INSERT = "insert", _("added")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("deleted")
