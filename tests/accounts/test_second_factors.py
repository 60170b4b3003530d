"""What staff prove themselves with beside the password: set up, used once, taken away, and never in clear."""

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.factors import codes, seeds
from accounts.selectors import APP, PASSKEY, RECOVERY, factors_of, system_user
from core.models import AuditEntry, OutboxMessage
from tests import factories
from tests.entering import (
    SEED,
    code_of,
    come_in,
    is_in,
    link_in_mail,
    passkey_of,
    try_code,
    try_password,
    with_app,
)
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("still")

APP_PAGE = reverse("accounts:add_app")


def seed_on(page: str) -> str:
    return re.search(r'<code class="fs-6">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")


def set_up_app(client: Client):
    """The page after the app was set up, and its seed."""
    seed = seed_on(client.get(APP_PAGE).content.decode())
    return client.post(APP_PAGE, {"code": codes.code_at(seed, codes.step_at(timezone.now()))}), seed


def codes_on(page) -> list[str]:
    return re.findall(r'<li class="col">(\d{8})</li>', page.content.decode())


# --- setting up ------------------------------------------------------------------------------------------


def test_from_the_first_password_to_the_start_page(client, hana):
    assert try_password(client, hana.email).url == reverse("home")
    assert client.get(reverse("home")).url == reverse("accounts:factors")
    assert "One more step" in client.get(reverse("accounts:factors")).content.decode()
    page, _seed = set_up_app(client)
    assert len(codes_on(page)) == 10
    assert client.get(reverse("home")).url == reverse("shelters:start")
    assert AuditEntry.objects.get(action="accounts.factor_added").changes == {"factor": [None, "totp"]}


def test_a_wrong_first_code_is_refused_and_the_picture_stays(as_user, hana):
    client = as_user(hana, enrolled=False)
    seed = seed_on(client.get(APP_PAGE).content.decode())
    refused = client.post(APP_PAGE, {"code": "000000"})
    assert refused.status_code == 422
    assert "does not fit" in refused.content.decode()
    assert seed_on(refused.content.decode()) == seed
    assert not factors_of(hana).exists()


def test_one_app_a_person(as_user, hana):
    client = as_user(hana)
    page, _seed = set_up_app(client)
    assert page.status_code == 422
    assert "have an app for codes already" in page.content.decode()


def test_recovery_codes_are_in_one_answer_and_in_no_page(as_user, hana):
    client = as_user(hana, enrolled=False)
    page, _seed = set_up_app(client)
    shown = codes_on(page)
    for name in ("factors", "devices", "me"):
        text = client.get(reverse(f"accounts:{name}")).content.decode()
        assert [code for code in shown if code in text] == []


def test_new_recovery_codes_void_the_former(as_user, hana):
    client = as_user(hana, enrolled=False)
    former = codes_on(set_up_app(client)[0])
    new = codes_on(client.post(reverse("accounts:recovery_codes")))
    assert len(set(former) | set(new)) == 20
    with pytest.raises(services.WrongCode):
        services.use_code(by=hana, code=former[0], now=timezone.now())
    services.use_code(by=hana, code=new[0], now=timezone.now())
    assert "9 codes are unused" in client.get(reverse("accounts:factors")).content.decode()


def test_a_new_factor_logs_out_the_others_and_renews_the_session(as_user, hana):
    here, there = as_user(hana, enrolled=False), as_user(hana, enrolled=False)
    before = here.session.row_key
    set_up_app(here)
    assert is_in(here)
    assert here.session.row_key != before
    assert not Session.objects.filter(pk=before).exists()
    assert not is_in(there)


# --- using -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write", [str, lambda code: f" {code[:3]} {code[3:]} ", lambda code: code[:3] + "-" + code[3:]]
)
def test_a_code_is_good_however_it_is_typed(client, hana, write):
    try_password(client, with_app(hana).email)
    assert try_code(client, write(code_of(hana))).status_code == 302


def test_a_code_in_the_full_width_digits_of_a_japanese_keyboard(client, hana):
    try_password(client, with_app(hana).email)
    wide = code_of(hana).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    assert try_code(client, wide).status_code == 302


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_clock_half_a_minute_off_is_forgiven(client, hana, steps):
    try_password(client, with_app(hana).email)
    assert try_code(client, code_of(hana, steps=steps)).status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_an_old_or_a_future_code_is_refused(client, hana, steps):
    try_password(client, with_app(hana).email)
    assert try_code(client, code_of(hana, steps=steps)).status_code == 422


def test_a_code_is_good_once(client, hana):
    come_in(client, with_app(hana))
    for code in (code_of(hana), code_of(hana, steps=-1), f"{code_of(hana)} "):
        second = Client()
        try_password(second, hana.email)
        assert try_code(second, code).status_code == 422
    assert not is_in(second)


def test_a_recovery_code_lets_in_once(as_user, client, hana):
    shown = codes_on(set_up_app(as_user(hana, enrolled=False))[0])
    try_password(client, hana.email)
    assert try_code(client, shown[3]).status_code == 302
    assert is_in(client)
    second = Client()
    try_password(second, hana.email)
    assert try_code(second, shown[3]).status_code == 422
    assert AuditEntry.objects.filter(action="accounts.recovery_code_used").count() == 1


@pytest.mark.parametrize("code", ["", "abcdef", "１", "0" * 200, "\x00", "12345𝟞"])
def test_nonsense_for_a_code_is_a_refusal_and_no_error(client, hana, code):
    try_password(client, with_app(hana).email)
    assert try_code(client, code).status_code == 422


def test_the_second_step_alone_leads_nowhere(client, hana):
    with_app(hana)
    assert try_code(client, code_of(hana)).url == reverse("account_login")
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_the_password_alone_is_no_log_in(client, hana):
    try_password(client, with_app(hana).email)
    assert client.get(reverse("accounts:me")).status_code == 302
    assert client.get(reverse("accounts:factors")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_type_one_code_at_once_one_comes_in():
    hana, clients = with_app(factories.UserFactory()), [Client() for _number in range(8)]
    for client in clients:
        try_password(client, hana.email)
    code = code_of(hana)
    # By the service: eight at once at the page would meet the limit first.
    answers = at_once(*[lambda: services.use_code(by=hana, code=code, now=timezone.now()).type] * 8)
    assert [answer for answer in answers if answer == APP] == [APP]
    assert [type(answer) for answer in answers if answer != APP] == [services.WrongCode] * 7


# --- taking away -----------------------------------------------------------------------------------------


def test_the_last_factor_of_staff_stays(as_user, hana):
    client = as_user(hana)
    page = client.post(reverse("accounts:remove_factor"), {"factor": factors_of(hana).get().pk}, follow=True)
    assert "your only second factor" in page.content.decode()
    assert factors_of(hana).filter(type=APP).exists()


def test_one_of_two_can_go_and_logs_out_the_others(as_user, hana):
    client, there = as_user(hana), as_user(hana)
    passkey_of(hana, client)
    there = as_user(hana)
    client.post(reverse("accounts:remove_factor"), {"factor": factors_of(hana).get(type=APP).pk})
    assert {factor.type for factor in factors_of(hana)} == {PASSKEY, RECOVERY}
    assert is_in(client)
    assert not is_in(there)


@pytest.mark.parametrize("factor", ["", "x", "-1", str(10**30)])
def test_removing_what_is_not_there(as_user, hana, factor):
    assert as_user(hana).post(reverse("accounts:remove_factor"), {"factor": factor}).status_code == 404


def test_nobody_removes_the_factor_of_another(as_user, hana, jin):
    factor = factories.app_of(jin)
    answer = as_user(hana).post(reverse("accounts:remove_factor"), {"factor": factor.pk})
    assert answer.status_code == 404
    assert factors_of(jin).exists()


def test_who_lost_everything_starts_over_by_mail(as_user, aya, hana):
    client, hanas = as_user(aya), as_user(hana)
    address = reverse("accounts:start_over", args=[hana.uuid])
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "phone and paper burned"})
    assert not is_in(hanas)
    assert not factors_of(hana).exists()
    hana.refresh_from_db()
    assert not hana.has_usable_password()
    assert "/password/new/" in link_in_mail("/password/new/")
    assert AuditEntry.objects.get(action="accounts.started_over").reason == "phone and paper burned"


def test_what_a_taken_phone_holds_is_void_before_the_log_in_is_opened_again(as_user, aya, hana, client):
    """Locked down, lifted, made void, opened: the passkey on the phone that was taken lets nobody in."""
    factories.app_of(hana)
    desk = as_user(aya)
    lock = services.lock_down(by=aya, person=hana, reason="arrested")
    services.lift_lock_down(by=aya, lock=lock, reason="free")
    page = desk.get(reverse("accounts:person", args=[hana.uuid])).content.decode()
    assert "Take it away before they log in again" in page
    desk.post(reverse("accounts:start_over", args=[hana.uuid]), {"reason": "the phone was taken"})
    assert not factors_of(hana).exists()
    assert not OutboxMessage.objects.filter(to_user_id=hana.pk).exists()  # no link while it is closed
    hana.refresh_from_db()
    assert (hana.is_active, hana.has_usable_password()) == (False, False)


def test_a_sponsors_passkey_is_taken_away_too(as_user, aya, yuki):
    Authenticator.objects.create(
        user=yuki, type=Authenticator.Type.WEBAUTHN, data={"name": "phone", "credential": {}}
    )
    desk = as_user(aya)
    desk.post(reverse("accounts:start_over", args=[yuki.uuid]), {"reason": "phone stolen"})
    assert not factors_of(yuki).exists()
    assert link_in_mail()


def test_nobody_starts_themselves_over(as_user, aya):
    answer = as_user(aya).post(reverse("accounts:start_over", args=[aya.uuid]), {"reason": "curious"})
    assert answer.status_code == 404
    with pytest.raises(services.NotOneself):
        services.start_over(by=aya, person=aya, reason="curious", now=timezone.now())


# --- seeds -----------------------------------------------------------------------------------------------


def test_no_seed_and_no_code_lies_in_the_database_in_clear(as_user, hana):
    client = as_user(hana, enrolled=False)
    seed = seed_on(client.get(APP_PAGE).content.decode())
    kept = json.dumps(dict(client.session.items()))  # while it is being set up
    assert seed not in kept
    page = client.post(APP_PAGE, {"code": codes.code_at(seed, codes.step_at(timezone.now()))})
    data = json.dumps(list(factors_of(hana).values_list("data", flat=True)))
    session = json.dumps(dict(client.session.items()))
    for secret in (seed, *codes_on(page)):
        assert secret not in data + session


def test_a_seed_pasted_into_another_persons_row_does_not_open(hana, jin):
    stolen = factories.app_of(hana, SEED).data
    Authenticator.objects.create(user=jin, type=APP, data=stolen)
    code = codes.code_at(SEED, codes.step_at(timezone.now()))
    with pytest.raises(seeds.SeedCannotBeOpened):
        services.use_code(by=jin, code=code, now=timezone.now())
    services.use_code(by=hana, code=code, now=timezone.now())


def test_a_pasted_seed_is_a_sentence_and_no_error_page(client, hana, jin):
    Authenticator.objects.create(user=jin, type=APP, data=factories.app_of(hana, SEED).data)
    try_password(client, jin.email)
    answer = try_code(client, code_of(hana))
    assert answer.status_code == 422
    assert "cannot be read any more" in answer.content.decode()


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64!", "A" * 60])
def test_what_was_never_sealed_does_not_open(hana, sealed):
    with pytest.raises(seeds.SeedCannotBeOpened):
        seeds.unseal(sealed, hana)


def test_the_library_itself_seals_and_opens_for_nobody_unnamed():
    from allauth.mfa.utils import decrypt, encrypt

    for door in (encrypt, decrypt):
        with pytest.raises(LookupError):
            door("JBSWY3DP")


def test_codes_work_while_the_sealing_key_is_away(client, hana, settings):
    with_app(hana)
    settings.SEALING_KEY_FILE = "/nowhere/key"
    come_in(client, hana)
    assert is_in(client)


def test_a_changed_secret_key_opens_the_old_seeds_and_seals_them_anew(hana, settings):
    with_app(hana)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret " * 4
    assert seeds.unseal(factors_of(hana).get().data["secret"], hana) == SEED
    call_command("reseal_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert seeds.unseal(factors_of(hana).get().data["secret"], hana) == SEED
    assert services.reseal_seeds(by=system_user()) == 0


def test_without_the_former_key_nothing_is_sealed_anew(hana, settings):
    with_app(hana)
    settings.SECRET_KEY = "another secret " * 4
    before = factors_of(hana).get().data
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("reseal_factors")
    assert factors_of(hana).get().data == before


def test_a_clock_one_hour_back_refuses_codes_and_breaks_nothing(client, hana, time_machine):
    with_app(hana)
    now = timezone.now()
    right = code_of(hana)
    time_machine.move_to(now - timedelta(hours=1))
    try_password(client, hana.email)
    assert try_code(client, right).status_code == 422
    time_machine.move_to(now)
    come_in(Client(), hana)
