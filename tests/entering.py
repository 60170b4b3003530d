"""Coming in as people do it: password, code, passkey, link."""

import json
import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.factors import codes, seeds
from accounts.models import User
from accounts.selectors import APP, factors_of
from core.models import OutboxMessage
from tests import factories
from tests.passkeys import HOST, SoftPasskey

PASSWORD = "a long password for tests"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_app(user: User) -> User:
    """The same person with a working app for codes."""
    factories.app_of(user, SEED)
    return user


def code_of(user: User, *, steps: int = 0) -> str:
    """What the person's app shows now, or some steps of half a minute later."""
    seed = seeds.unseal(factors_of(user).get(type=APP).data["secret"], user)
    return codes.code_at(seed, codes.step_at(timezone.now()) + steps)


def forget_used_codes(user: User) -> None:
    app = factors_of(user).get(type=APP)
    app.data["last_step"] = 0
    app.save()


def try_password(client: Client, email: str, password: str = PASSWORD, **more: Any):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **more)


def try_code(client: Client, code: str, **more: Any):
    return client.post(reverse("mfa_authenticate"), {"code": code}, **more)


def come_in(client: Client, user: User):
    """By password and code; the last answer."""
    try_password(client, user.email)
    return try_code(client, code_of(user))


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:me")).status_code == 200


def passkey_of(user: User, client: Client) -> SoftPasskey:
    """A new passkey, made on the page for it by a client that is logged in."""
    passkey = SoftPasskey()
    address = reverse("accounts:add_passkey")
    answer = passkey.make(options_on(client.get(address, headers={"host": HOST}).content.decode()))
    client.post(address, {"name": "phone", "passkey": answer}, headers={"host": HOST})
    return passkey


def options_on(page: str) -> dict[str, Any]:
    """The challenge that a page hands to the browser."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return json.loads(found[1].replace("&quot;", '"'))


def ask_passkey(client: Client) -> dict[str, Any]:
    return client.get(reverse("account_passkey"), headers={"host": HOST}).json()


def try_passkey(client: Client, answer: str, **more: Any):
    return client.post(reverse("account_passkey"), {"passkey": answer}, headers={"host": HOST}, **more)


def link_for(sponsor: User, *, lives: timedelta = timedelta(minutes=15)) -> str:
    return services.make_link(by=sponsor, person=sponsor, now=timezone.now(), lives=lives)


def link_in_mail(part: str = "/log-in/link/") -> str:
    """The path of the link in the newest mail."""
    found = re.search(rf"http\S+?({part}\S+)", OutboxMessage.objects.latest("id").body)
    assert found
    return found[1]
