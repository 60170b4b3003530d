"""Writes of this app. Other apps import from here."""

from accounts.services.alarm import (
    call_people,
    tell_administrators,
)
from accounts.services.devices import (
    begin_device,
    end_device,
    end_other_devices,
    forget_dead_devices,
    log_out_everywhere,
    move_device,
    see_device,
)
from accounts.services.factors import (
    AppThereAlready,
    LastFactor,
    PasskeyCopied,
    WrongCode,
    add_app,
    add_passkey,
    make_recovery_codes,
    remove_factor,
    reseal_seeds,
    use_code,
    use_passkey,
)
from accounts.services.forget import (
    forget,
)
from accounts.services.leaks import (
    FindingSettledAlready,
    OwnText,
    open_passages,
    settle_finding,
    tell_of_many_findings,
)
from accounts.services.links import (
    LinkIsVoid,
    answer_requests,
    ask_for_mail,
    forget_links,
    make_link,
    use_link,
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
from accounts.services.mail import (
    MailSettledAlready,
    send_mail_again,
    set_mail_aside,
)
from accounts.services.opening_mails import (
    WAITS,
)
from accounts.services.panic import (
    end_own_log_ins,
    panic,
)
from accounts.services.people import (
    NotOneself,
    StillLockedDown,
    change_log_in,
    choose_language,
    invite_by_mail,
    invite_user,
    send_invitation,
    set_password,
    start_over,
)
from accounts.services.reveal import (
    PurposeMissing,
    break_glass,
    reveal,
)
from accounts.services.reveal_log import (
    Answer,
    note_refusal,
)
from accounts.services.sample import (
    give_sample_factors,
    give_sample_password,
)
from accounts.services.second_person import (
    AnsweredAlready,
    agree,
    decline,
    note_switch,
)
from accounts.services.seen import (
    note_export,
    note_seen,
)
from accounts.services.trail import (
    mail_trail_digest,
)

__all__ = [
    "call_people",
    "Answer",
    "AnsweredAlready",
    "AppThereAlready",
    "FindingSettledAlready",
    "LastFactor",
    "LiftedAlready",
    "LinkIsVoid",
    "LockDownRefused",
    "MailSettledAlready",
    "MayNotLift",
    "NotOneself",
    "NotToBeLockedDown",
    "OwnText",
    "PasskeyCopied",
    "PurposeMissing",
    "StillLockedDown",
    "TooManyGuesses",
    "WAITS",
    "WrongCode",
    "add_app",
    "add_passkey",
    "agree",
    "answer_requests",
    "ask_for_mail",
    "begin_device",
    "break_glass",
    "change_log_in",
    "choose_language",
    "decline",
    "end_device",
    "end_other_devices",
    "end_own_log_ins",
    "forget",
    "forget_dead_devices",
    "forget_links",
    "give_sample_factors",
    "give_sample_password",
    "invite_by_mail",
    "invite_user",
    "lift",
    "lift_lock_down",
    "lock_down",
    "lock_down_people",
    "log_out_everywhere",
    "mail_trail_digest",
    "make_link",
    "make_recovery_codes",
    "move_device",
    "note_export",
    "note_refusal",
    "note_seen",
    "note_switch",
    "open_passages",
    "panic",
    "record_wrong_guess",
    "remove_factor",
    "reseal_seeds",
    "reveal",
    "see_device",
    "send_invitation",
    "send_mail_again",
    "set_mail_aside",
    "set_password",
    "settle_finding",
    "settle_name",
    "start_over",
    "tell_administrators",
    "tell_of_many_findings",
    "use_code",
    "use_link",
    "use_passkey",
]
