from collections.abc import Callable

from allauth.mfa.models import Authenticator

from accounts.models import User
from core import outbox
from core.enums import MessageState
from core.models import OutboxMessage
from tests import factories
from tests.access import EVERYBODY, PLAYERS, STAFF, Row
from tests.factories import RevealRequestFactory, RouteFactory

ADMINISTRATOR = {"administrator"}
READERS = {"administrator", "auditor"}
SETTLERS = {"administrator", "foster_officer"}
LEAK_SETTLERS = {"field_staff", "supply_coordinator", "foster_officer"}
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
    return get(PLAYERS[role]) if role in PLAYERS else None


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


def a_lock_down(get: Callable) -> dict:
    get("db")
    return {"uuid": factories.LockDownFactory().uuid}


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


# Who opens with two or is the second person, and whose request they have to do with.
TWO = {"field_staff", "supply_coordinator", "foster_officer", "administrator"}


def _role(get: Callable) -> str:
    return get("request").node.callspec.params.get("role", "field_staff")


def own_request(get: Callable) -> dict:
    asker = get(PLAYERS.get(_role(get), "hana"))
    return {"uuid": RevealRequestFactory(of=get("willow"), asked_by=asker).uuid}


def others_request(get: Callable) -> dict:
    return {"uuid": RevealRequestFactory(of=get("willow")).uuid}


def to_answer(get: Callable) -> dict:
    """A colleague's request about a record that the role sees."""
    get("db")
    records = {
        "field_staff": lambda: (get("willow"), "address"),
        "supply_coordinator": lambda: (RouteFactory(), "drop_points"),
        "foster_officer": lambda: (get("momo"), "real_name"),
    }
    record, field = records.get(_role(get), records["field_staff"])()
    return {"uuid": RevealRequestFactory(of=record, field=field).uuid}


def not_to_answer(get: Callable) -> dict:
    return {"uuid": RevealRequestFactory(of=get("maple")).uuid}


def own_leak(get: Callable) -> dict:
    """The code of a shelter that all three roles see."""
    return {"uuid": factories.LeakFindingFactory(subject_uuid=get("willow").uuid).uuid}


def others_leak(get: Callable) -> dict:
    """A resident's name: Jin at Maple alone may see it."""
    resident = factories.ResidentFactory()
    factories.StayFactory(resident=resident, shelter=get("maple"))
    finding = factories.LeakFindingFactory(
        subject_type="shelters.resident", subject_uuid=resident.uuid, field="real_name"
    )
    return {"uuid": finding.uuid}


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
    Row("accounts:written", READERS),
    # openings of sealed values
    Row("accounts:openings", READERS),
    Row("accounts:waiting", TWO),
    Row("accounts:asked", TWO, address=own_request, foreign=others_request, not_theirs=TWO),
    Row(
        "accounts:answer",
        TWO,
        address=to_answer,
        foreign=not_to_answer,
        not_theirs=TWO - {"administrator"},
        post={"answer": "decline"},
    ),
    Row("accounts:forget", ADMINISTRATOR),
    # something happened
    Row("accounts:happened", STAFF),
    Row("accounts:lock_down", STAFF),
    Row("accounts:lock_myself", STAFF, post={}),
    Row("accounts:end_own_log_ins", EVERYBODY, post={}),
    Row("accounts:panic", EVERYBODY, post={}, is_public=True),
    Row("nothing", EVERYBODY, is_public=True),
    Row("accounts:lock_downs", READERS),
    Row("accounts:lift_lock_down", ADMINISTRATOR, address=a_lock_down),
    Row("accounts:exposure", READERS, address=hana),
    # mail that needs a person
    Row("accounts:unsent", SETTLERS),
    *(
        Row(name, SETTLERS, address=own_unsent, foreign=others_unsent, not_theirs=SETTLERS, post={})
        for name in ("accounts:send_mail_again", "accounts:set_mail_aside")
    ),
    # the leak guard
    Row("accounts:leaks", LEAK_SETTLERS),
    Row("accounts:leak_counts", ADMINISTRATOR),
    *(
        Row(name, LEAK_SETTLERS, address=own_leak, foreign=others_leak, not_theirs=LEAK_SETTLERS, post=post)
        for name, post in (
            ("accounts:leak", None),
            ("accounts:show_passage", {}),
            ("accounts:settle_leak", {"state": "take_out", "reason": "a name"}),
        )
    ),
    # the sample's mailbox
    Row("accounts:mailbox", {"administrator", "foster_officer"}),
    Row("accounts:mail", {"administrator", "foster_officer"}, address=a_mail),
]
