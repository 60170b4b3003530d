"""Writes of this app. Other apps import from here."""

from accounts.services.alarm import WAITS
from accounts.services.forget import forget
from accounts.services.mail import MailSettledAlready, send_mail_again, set_mail_aside
from accounts.services.people import (
    NotOneself,
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
from accounts.services.trail import mail_trail_digest

__all__ = [
    "Answer",
    "AnsweredAlready",
    "MailSettledAlready",
    "NotOneself",
    "PurposeMissing",
    "WAITS",
    "agree",
    "break_glass",
    "change_log_in",
    "choose_language",
    "decline",
    "forget",
    "give_sample_password",
    "invite_by_mail",
    "invite_user",
    "log_out_everywhere",
    "mail_trail_digest",
    "note_refusal",
    "reveal",
    "send_invitation",
    "send_mail_again",
    "set_mail_aside",
    "set_password",
]
