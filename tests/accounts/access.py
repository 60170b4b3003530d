from collections.abc import Callable

from allauth.mfa.models import Authenticator

from accounts.models import User
from core import outbox
from core.enums import MessageState
from core.models import OutboxMessage
from tests import factories
from tests.access import EVERYBODY, PLAYERS, Row

ADMINISTRATOR = {"administrator"}
READERS = {"administrator", "auditor"}
SETTLERS = {"administrator", "foster_officer"}
STAFF = EVERYBODY - {"sponsor"}
PASSKEY = 4711


def hana(get: Callable) -> dict:
    return {"uuid": get("hana").uuid}


def in_the_sample(get: Callable) -> dict:
    get("settings").SAMPLE = True
    get("yuki")
    return {}


def _player(get: Callable) -> User | None:
    """Who asks, in the cell of the table that is being tested; None for a stranger."""
    role = get("request").node.callspec.params.get("role")
    return get(PLAYERS[role]) if role else None


def own_device(get: Callable) -> dict:
    return {"uuid": factories.DeviceFactory(user=_player(get) or get("hana")).uuid}


def others_device(get: Callable) -> dict:
    get("db")
    return {"uuid": factories.DeviceFactory().uuid}


def own_passkey(get: Callable) -> dict:
    """A passkey under a known number, and a second one, so that it is not the last."""
    for number in (PASSKEY, PASSKEY + 1):
        data = {"name": "phone", "credential": {}}
        user = _player(get) or get("hana")
        Authenticator.objects.create(pk=number, user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return {}


def a_mail(get: Callable) -> dict:
    get("db")
    outbox.post(
        key="access", kind="account", to_address="a@example.org", language="en", subject="Hello", body="…"
    )
    return {"uuid": OutboxMessage.objects.get(key="access").uuid}


def _unsent(get: Callable, kind: str) -> dict:
    get("db")
    key = f"unsent-{kind}"
    outbox.post(key=key, kind=kind, to_address="a@example.org", language="en", subject="Hello", body="…")
    OutboxMessage.objects.filter(key=key).update(state=MessageState.FAILED)
    return {"uuid": OutboxMessage.objects.get(key=key).uuid}


def _is_asked_by_an_officer(get: Callable) -> bool:
    # Whose mail it is follows from the role: no one mail is everybody's who has the right.
    return get("request").node.callspec.params.get("role") == "foster_officer"


def own_unsent(get: Callable) -> dict:
    return _unsent(get, "reminder" if _is_asked_by_an_officer(get) else "account")


def others_unsent(get: Callable) -> dict:
    return _unsent(get, "account" if _is_asked_by_an_officer(get) else "reminder")


ROWS: list[Row] = [
    Row("home", EVERYBODY),
    Row("healthz", EVERYBODY, is_public=True),
    # the log-in
    Row("account_login", EVERYBODY, is_public=True),
    Row("account_logout", EVERYBODY, is_public=True),
    Row("account_signup", EVERYBODY, is_public=True),
    Row("account_inactive", EVERYBODY, is_public=True),
    Row("mfa_authenticate", EVERYBODY, is_public=True),
    Row("account_passkey", EVERYBODY, is_public=True),
    Row("account_ask_for_link", EVERYBODY, is_public=True),
    Row("account_link", EVERYBODY, address=lambda get: {"key": "no-token"}, is_public=True),
    Row(
        "account_sample", EVERYBODY, address=in_the_sample, post={"login": "yuki@example.org"}, is_public=True
    ),
    Row("account_change_password", STAFF),
    Row("account_reset_password", EVERYBODY, is_public=True),
    Row("account_reset_password_done", EVERYBODY, is_public=True),
    Row(
        "account_reset_password_from_key",
        EVERYBODY,
        address=lambda get: {"uidb36": "1", "key": "x-y"},
        is_public=True,
    ),
    Row("account_reset_password_from_key_done", EVERYBODY, is_public=True),
    # one's own
    Row("accounts:me", EVERYBODY),
    Row("accounts:devices", EVERYBODY),
    Row("accounts:end_other_devices", EVERYBODY, post={}),
    Row(
        "accounts:end_device",
        EVERYBODY,
        address=own_device,
        foreign=others_device,
        not_theirs=EVERYBODY,
        post={},
    ),
    Row("accounts:factors", EVERYBODY),
    Row("accounts:add_app", STAFF),
    Row("accounts:add_passkey", EVERYBODY),
    Row("accounts:remove_factor", EVERYBODY, address=own_passkey, post={"factor": PASSKEY}),
    Row("accounts:recovery_codes", STAFF, post={}),
    Row("accounts:language", EVERYBODY, post={"language": "en"}, is_public=True),
    # people
    Row("accounts:people", READERS),
    Row("accounts:invite", ADMINISTRATOR),
    Row("accounts:person", ADMINISTRATOR, address=hana),
    Row("accounts:send_invitation", ADMINISTRATOR, address=hana, post={}),
    Row("accounts:log_out_everywhere", ADMINISTRATOR, address=hana, post={}),
    Row("accounts:start_over", ADMINISTRATOR, address=hana, post={"reason": "phone lost"}),
    Row("accounts:end_device_of_person", ADMINISTRATOR, address=others_device, post={}),
    Row("accounts:audit", READERS),
    # mail that needs a person
    Row("accounts:unsent", SETTLERS),
    *(
        Row(name, SETTLERS, address=own_unsent, foreign=others_unsent, not_theirs=SETTLERS, post={})
        for name in ("accounts:send_mail_again", "accounts:set_mail_aside")
    ),
    # the sample's mailbox
    Row("accounts:mailbox", {"administrator", "foster_officer"}),
    Row("accounts:mail", {"administrator", "foster_officer"}, address=a_mail),
]
