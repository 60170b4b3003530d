"""Writes of this app. Other apps import from here."""

from accounts.services.leaks import (
    FindingSettledAlready,
    OwnText,
    open_passages,
    settle_finding,
    tell_of_many_findings,
)
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
from accounts.services.reveal import PurposeMissing, reveal
from accounts.services.sample import give_sample_password

__all__ = [
    "FindingSettledAlready",
    "MailSettledAlready",
    "NotOneself",
    "OwnText",
    "PurposeMissing",
    "change_log_in",
    "choose_language",
    "give_sample_password",
    "invite_by_mail",
    "invite_user",
    "log_out_everywhere",
    "open_passages",
    "reveal",
    "send_invitation",
    "send_mail_again",
    "set_mail_aside",
    "set_password",
    "settle_finding",
    "tell_of_many_findings",
]
