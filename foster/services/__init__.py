"""Writes of this app. Other apps import from here."""

from foster.services.dues import allocate_payments, make_dues
from foster.services.photos import TooManyPhotos, add_photo, open_photo, remove_photo
from foster.services.reminders import (
    FIRST_LEVEL,
    REMINDER_MAIL,
    MonthNotBegun,
    begin_run,
    carry_out_run,
    check_month,
    choose_reminders,
    mail_text,
    remind_sponsor,
)
from foster.services.safety import safety_findings
from foster.services.updates import (
    AuthorCannotClear,
    MovedOn,
    NotSafe,
    change_update,
    create_update,
    fingerprint,
    publish_update,
    send_to_review,
    withdraw_update,
)

__all__ = [
    "FIRST_LEVEL",
    "REMINDER_MAIL",
    "AuthorCannotClear",
    "MonthNotBegun",
    "MovedOn",
    "NotSafe",
    "TooManyPhotos",
    "add_photo",
    "allocate_payments",
    "begin_run",
    "carry_out_run",
    "change_update",
    "check_month",
    "choose_reminders",
    "create_update",
    "fingerprint",
    "mail_text",
    "make_dues",
    "open_photo",
    "publish_update",
    "remind_sponsor",
    "remove_photo",
    "safety_findings",
    "send_to_review",
    "withdraw_update",
]
