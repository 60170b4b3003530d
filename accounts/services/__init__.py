"""Writes of this app. Other apps import from here."""

from accounts.services.alarm import tell_administrators
from accounts.services.lock_downs import (
    LiftedAlready,
    LockDownRefused,
    MayNotLift,
    NotToBeLockedDown,
    TooManyGuesses,
    lift,
    lift_lock_down,
    lock_down,
    lock_down_people,
    record_wrong_guess,
    settle_name,
)
from accounts.services.mail import MailSettledAlready, send_mail_again, set_mail_aside
from accounts.services.panic import end_own_log_ins, panic
from accounts.services.people import (
    NotOneself,
    StillLockedDown,
    change_log_in,
    choose_language,
    invite_by_mail,
    invite_user,
    log_out_everywhere,
    send_invitation,
    set_password,
)
from accounts.services.reveal import PurposeMissing, reveal
from accounts.services.sample import give_sample_password
from accounts.services.seen import note_export, note_seen
from accounts.services.trail import mail_trail_digest

__all__ = [
    "LiftedAlready",
    "LockDownRefused",
    "MailSettledAlready",
    "MayNotLift",
    "NotOneself",
    "NotToBeLockedDown",
    "PurposeMissing",
    "StillLockedDown",
    "TooManyGuesses",
    "change_log_in",
    "choose_language",
    "end_own_log_ins",
    "give_sample_password",
    "invite_by_mail",
    "invite_user",
    "lift",
    "lift_lock_down",
    "lock_down",
    "lock_down_people",
    "log_out_everywhere",
    "note_export",
    "note_seen",
    "panic",
    "record_wrong_guess",
    "mail_trail_digest",
    "reveal",
    "send_invitation",
    "send_mail_again",
    "set_mail_aside",
    "set_password",
    "settle_name",
    "tell_administrators",
]
