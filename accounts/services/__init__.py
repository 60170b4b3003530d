"""Writes of this app. Other apps import from here."""

from accounts.services.alarm import tell_administrators
from accounts.services.forget import forget
from accounts.services.leaks import (
    FindingSettledAlready,
    OwnText,
    open_passages,
    settle_finding,
    tell_of_many_findings,
)
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
from accounts.services.opening_mails import WAITS
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
from accounts.services.reveal import PurposeMissing, break_glass, reveal
from accounts.services.reveal_log import Answer, note_refusal
from accounts.services.sample import give_sample_password
from accounts.services.second_person import AnsweredAlready, agree, decline
from accounts.services.seen import note_export, note_seen
from accounts.services.trail import mail_trail_digest

__all__ = [
    "Answer",
    "AnsweredAlready",
    "FindingSettledAlready",
    "LiftedAlready",
    "LockDownRefused",
    "MailSettledAlready",
    "MayNotLift",
    "NotOneself",
    "NotToBeLockedDown",
    "OwnText",
    "PurposeMissing",
    "StillLockedDown",
    "TooManyGuesses",
    "WAITS",
    "agree",
    "break_glass",
    "change_log_in",
    "choose_language",
    "decline",
    "end_own_log_ins",
    "forget",
    "give_sample_password",
    "invite_by_mail",
    "invite_user",
    "lift",
    "lift_lock_down",
    "lock_down",
    "lock_down_people",
    "log_out_everywhere",
    "mail_trail_digest",
    "note_export",
    "note_refusal",
    "note_seen",
    "open_passages",
    "panic",
    "record_wrong_guess",
    "reveal",
    "send_invitation",
    "send_mail_again",
    "set_mail_aside",
    "set_password",
    "settle_finding",
    "settle_name",
    "tell_administrators",
    "tell_of_many_findings",
]
