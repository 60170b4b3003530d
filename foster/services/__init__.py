"""Writes of this app. Other apps import from here."""

from foster.services.dues import allocate_payments, make_dues
from foster.services.homes import move_child
from foster.services.leaving import after_settling, check_update, has_part, held_back, words_of
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
from foster.services.updates import (
    AuthorCannotClear,
    MovedOn,
    NotSafe,
    change_update,
    create_update,
    fingerprint,
    publish_update,
    refuse_leaks,
    refuse_leaks_of_child,
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
    "after_settling",
    "allocate_payments",
    "begin_run",
    "carry_out_run",
    "change_update",
    "check_update",
    "check_month",
    "choose_reminders",
    "create_update",
    "fingerprint",
    "has_part",
    "held_back",
    "mail_text",
    "make_dues",
    "move_child",
    "open_photo",
    "publish_update",
    "refuse_leaks",
    "refuse_leaks_of_child",
    "remind_sponsor",
    "remove_photo",
    "send_to_review",
    "withdraw_update",
    "words_of",
]
