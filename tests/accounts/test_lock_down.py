"""Locking down: anybody of the staff, at once, out at the next request; back only by an administrator."""

import re
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import login
from django.core.management import call_command
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.enums import LockReason
from accounts.models import LockDown, User
from accounts.selectors import factors_of
from core.models import AuditEntry, OutboxMessage
from core.sessions import SessionStore
from tests import factories as f
from tests.races import at_once

HOME = reverse("accounts:me")
FORM = reverse("accounts:lock_down")
ARRESTED = {"reason": "arrested", "note": "in front of the market"}


def is_out(client) -> bool:
    response = client.get(HOME)
    return response.status_code == 302 and response.url.startswith(reverse("account_login"))


def locked(by, person, reason="arrested") -> LockDown:
    return services.lock_down(by=by, person=person, reason=reason)


def lift_address(lock) -> str:
    return reverse("accounts:lift_lock_down", args=[lock.uuid])


@pytest.mark.parametrize("devices", [1, 5])
@pytest.mark.parametrize("who", ["hana", "sora", "miki", "kenji", "aya", "otto"])
def test_anybody_of_the_staff_locks_down_anybody_of_the_staff(request, as_user, jin, who, devices):
    jins = [as_user(jin) for _ in range(devices)]
    assert not any(map(is_out, jins))
    response = as_user(request.getfixturevalue(who)).post(FORM, ARRESTED | {"typed": jin.email})
    assert response.status_code == 302
    assert all(map(is_out, jins))


@pytest.mark.parametrize(
    ("who", "reads"),
    [("hana", False), ("sora", False), ("miki", False), ("kenji", False), ("aya", True), ("otto", True)],
)
def test_who_may_read_what_they_could_see_goes_on_there(request, as_user, jin, who, reads):
    client = as_user(request.getfixturevalue(who))
    response = client.post(FORM, ARRESTED | {"typed": jin.email})
    seen = reverse("accounts:exposure", args=[jin.uuid])
    assert response.url == (seen if reads else reverse("accounts:happened"))
    page = client.get(response.url).content.decode()
    assert "Locked down: out on every device" in page
    assert ("1. Warn first, in this order" in page) == reads


@pytest.mark.parametrize("typed", ["Jin", " jin ", "ＪＩＮ", "JIN@EXAMPLE.ORG"])
def test_a_name_is_found_as_people_type_it(as_user, sora, jin, typed):
    as_user(sora).post(FORM, ARRESTED | {"typed": typed})
    lock = LockDown.objects.get()
    assert (lock.person, lock.by, lock.reason, lock.note) == (jin, sora, "arrested", ARRESTED["note"])


def test_two_of_one_name_are_told_apart_by_the_address(as_user, sora, jin):
    f.UserFactory(name="Jin", email="other@example.org")
    response = as_user(sora).post(FORM, ARRESTED | {"typed": "Jin"})
    assert response.status_code == 422
    assert "Several people have this name. Type the e-mail address." in response.content.decode()
    assert not LockDown.objects.exists()


def test_a_list_shows_those_one_works_with_alone(as_user, hana, jin, sora, willow, maple):
    nana = f.UserFactory(name="Nana")
    f.PostingFactory(user=nana, shelter=willow)
    page = as_user(hana).get(FORM).content.decode()
    assert "Nana" in page
    assert "Jin" not in page
    page = as_user(sora).get(FORM).content.decode()
    assert "Nana" not in page
    as_user(hana).post(FORM, ARRESTED | {"known": str(nana.uuid)})
    assert LockDown.objects.get().person == nana


def test_somebody_elses_colleague_cannot_be_picked(as_user, hana, jin, willow, maple):
    response = as_user(hana).post(FORM, ARRESTED | {"known": str(jin.uuid)})
    assert response.status_code == 422
    assert not LockDown.objects.exists()


def test_the_administrator_picks_everybody_the_auditor_all_of_the_staff(as_user, aya, otto, hana, yuki):
    assert yuki.name in as_user(aya).get(FORM).content.decode()
    page = as_user(otto).get(FORM).content.decode()
    assert hana.name in page
    assert yuki.name not in page


def test_names_are_not_found_out_by_trying(as_user, hana, jin):
    client = as_user(hana)
    for _ in range(10):
        answer = client.post(FORM, ARRESTED | {"typed": "Nobody"}).content.decode()
        assert "Nothing is known by this name." in answer
    answer = client.post(FORM, ARRESTED | {"typed": "Jin"})
    assert answer.status_code == 422
    assert "Too many tries. Call an administrator" in answer.content.decode()
    assert not LockDown.objects.exists()
    assert "Nobody" not in str(AuditEntry.objects.filter(action="accounts.guessed").values())


@pytest.mark.parametrize("lacks", [{"reason": ""}, {"typed": ""}, {"reason": "bored"}])
def test_who_and_what_are_asked_for(as_user, sora, jin, lacks):
    response = as_user(sora).post(FORM, ARRESTED | {"typed": "Jin"} | lacks)
    assert response.status_code == 422
    assert not LockDown.objects.exists()


def test_a_sponsor_is_the_administrators_business(as_user, sora, aya, yuki):
    assert "Nothing is known" in as_user(sora).post(FORM, ARRESTED | {"typed": "Yuki"}).content.decode()
    with pytest.raises(services.NotToBeLockedDown, match="not one of the staff"):
        locked(sora, yuki)
    assert as_user(aya).post(FORM, ARRESTED | {"known": str(yuki.uuid)}).status_code == 302
    assert LockDown.objects.get().person == yuki


def test_the_system_is_nobody_to_lock_down(aya):
    system = f.UserFactory(role="system", is_active=False)
    with pytest.raises(services.NotToBeLockedDown):
        locked(aya, system)


def test_pressed_twice_it_is_one_lock_down(as_user, sora, hana, jin):
    for person in (sora, sora, hana):
        as_user(person).post(FORM, ARRESTED | {"typed": "Jin"})
    assert LockDown.objects.get().by == sora
    assert AuditEntry.objects.filter(action="accounts.locked_down").count() == 1


def test_it_is_written_down_and_the_administrators_are_called_without_a_word(as_user, sora, jin, aya, otto):
    as_user(jin)
    as_user(sora).post(FORM, ARRESTED | {"typed": "Jin"})
    entry = AuditEntry.objects.get(action="accounts.locked_down")
    assert entry.changes == {"is_active": [True, False], "devices": [1, 0]}
    assert entry.reason == "arrested or taken away: in front of the market"
    mail = OutboxMessage.objects.get()
    assert mail.to_address == aya.email
    for told in ("Jin", "Sora", "arrest", "lock", "market"):
        assert told not in mail.subject + mail.body
    assert "locked down" in as_user(aya).get(reverse("accounts:audit")).content.decode()


# --- out ------------------------------------------------------------------------------------------------


def test_nobody_logs_in_as_who_is_locked_down(client, sora, jin):
    locked(sora, jin)
    body = {"login": jin.email, "password": "a long password for tests"}
    client.post(reverse("account_login"), body)
    assert is_out(client)


def test_the_link_of_a_mail_sets_no_password_for_later(client, aya, sora, jin):
    services.send_invitation(by=aya, person=jin, now=timezone.now())
    link = re.search(r"http\S+(/password/new/\S+)", OutboxMessage.objects.get().body)[1]
    client.get(link)
    locked(sora, jin)
    new = {"password1": "seven lanterns over the river", "password2": "seven lanterns over the river"}
    response = client.post(re.sub(r"-[^/]+/$", "-set-password/", link), new)
    assert response.status_code == 200  # the page that says that the link is void
    jin.refresh_from_db()
    assert jin.check_password("a long password for tests")


def test_a_browser_that_was_cut_off_forgets(as_user, sora, jin):
    jins = as_user(jin)
    locked(sora, jin)
    response = jins.get(HOME)
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in jins.get(HOME)  # nothing left to forget


def test_a_stranger_and_who_logs_out(client, as_user, hana):
    assert "Clear-Site-Data" not in client.get(HOME)
    response = as_user(hana).post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_a_part_of_a_page_is_cut_off_too(as_user, sora, jin):
    jins = as_user(jin)
    locked(sora, jin)
    response = jins.get(HOME, headers={"hx-request": "true"})
    assert response["HX-Redirect"] == reverse("account_login")
    assert "Clear-Site-Data" in response


def test_ones_own_log_in_can_be_closed(as_user, hana, aya):
    phone, laptop = as_user(hana), as_user(hana)
    response = phone.post(reverse("accounts:lock_myself"))
    assert response.url == reverse("nothing")
    assert response["Clear-Site-Data"] == '"*"'
    assert is_out(phone)
    assert is_out(laptop)
    assert LockDown.objects.get().reason == LockReason.FORCED


def test_ones_own_phone_is_gone(as_user, yuki):
    phone, other = as_user(yuki), as_user(yuki)
    assert other.post(reverse("accounts:end_own_log_ins")).url == reverse("account_login")
    assert is_out(phone)
    assert not is_out(as_user(yuki))  # and logs in anew


def test_the_passkey_on_a_phone_that_is_gone_lets_nobody_in(as_user, hana):
    f.app_of(hana)
    passkey = {"name": "phone", "credential": {}}
    Authenticator.objects.create(user=hana, type=Authenticator.Type.WEBAUTHN, data=passkey)
    as_user(hana).post(reverse("accounts:end_own_log_ins"))
    assert [factor.type for factor in factors_of(hana)] == ["totp"]


# --- back again -----------------------------------------------------------------------------------------


def test_lifted_the_log_in_is_opened_by_choice(as_user, aya, sora, jin):
    jins = as_user(jin)
    lock = locked(sora, jin)
    admin, page = as_user(aya), reverse("accounts:person", args=[jin.uuid])
    opened = {"role": jin.role, "is_active": "on", "reason": "free again"}
    refused = admin.post(page, opened)
    assert refused.status_code == 422
    assert "Lift the lock-down first" in refused.content.decode()
    assert admin.post(lift_address(lock), {"reason": "free again"}).url == page
    jin.refresh_from_db()
    assert not jin.is_active
    assert admin.post(page, opened).status_code == 302
    jin.refresh_from_db()
    assert jin.is_active
    assert is_out(jins)  # what was open then stays closed for ever
    assert not is_out(as_user(jin))
    entry = AuditEntry.objects.get(action="accounts.lock_down_lifted")
    assert (entry.by_id, entry.reason) == (aya.pk, "free again")


@pytest.mark.parametrize("who", ["hana", "sora", "miki", "kenji", "otto"])
def test_only_an_administrator_lifts(request, as_user, jin, aya, who):
    person = request.getfixturevalue(who)
    lock = locked(aya, jin)
    assert as_user(person).post(lift_address(lock), {"reason": "a friend"}).status_code == 403
    with pytest.raises(services.MayNotLift, match="never their own"):
        services.lift_lock_down(by=person, lock=lock, reason="a friend")
    lock.refresh_from_db()
    assert lock.is_in_force


def test_nobody_lifts_their_own(aya, sora):
    lock = locked(sora, aya)
    with pytest.raises(services.MayNotLift):
        services.lift_lock_down(by=aya, lock=lock, reason="I am fine")


def test_lifted_twice_is_refused_with_a_sentence(as_user, aya, sora, jin):
    lock = locked(sora, jin)
    as_user(aya).post(lift_address(lock), {"reason": "free"})
    response = as_user(aya).post(lift_address(lock), {"reason": "free"})
    assert response.status_code == 422
    assert "Lifted by Aya" in response.content.decode()
    with pytest.raises(services.LiftedAlready, match="lifted this lock-down already"):
        services.lift_lock_down(by=aya, lock=lock, reason="free")


def test_a_lift_needs_a_reason(as_user, aya, sora, jin):
    lock = locked(sora, jin)
    assert as_user(aya).post(lift_address(lock), {"reason": " "}).status_code == 422
    lock.refresh_from_db()
    assert lock.is_in_force


def test_the_operator_lets_the_last_administrator_in_again(as_user, aya, hana):
    locked(hana, aya)
    call_command("open_log_in", aya.email.upper(), reason="spoke with her")
    assert not is_out(as_user(aya))
    assert LockDown.objects.get().lifted_by.role == "system"


def test_register_of_lock_downs(as_user, aya, otto, sora, jin):
    locked(sora, jin)
    address = reverse("accounts:lock_downs")
    for reader in (aya, otto):
        page = as_user(reader).get(address, {"in_force": "true"}).content.decode()
        assert "Jin" in page
        assert reverse("accounts:exposure", args=[jin.uuid]) in page
        assert (">Lift<" in page) == (reader is aya)
    assert "Jin" not in as_user(aya).get(address, {"in_force": "false"}).content.decode()


@pytest.mark.parametrize(
    ("who", "ends"),
    [("hana", False), ("sora", False), ("miki", False), ("kenji", False), ("otto", False), ("aya", True)],
)
def test_the_page_says_who_can_end_one_device_alone(request, as_user, jin, who, ends):
    person = request.getfixturevalue(who)
    f.DeviceFactory(user=jin)
    page = as_user(person).get(reverse("accounts:happened")).content.decode()
    assert ("“Log out there” ends that device alone" in page) == ends
    assert ("or an administrator does; you cannot" in page) == (not ends)
    answer = as_user(person).get(reverse("accounts:person", args=[jin.uuid]))
    assert ("Log out there" in answer.content.decode()) == ends


def steps_of(client, address):
    """What is to be done, in the order of the page: (word, address)."""
    page = client.get(address).content.decode()
    table = page[page.index("<tbody") : page.index("</tbody>")]
    return re.findall(r'btn-outline-secondary" href="([^"]+)"', table)


def test_what_is_to_be_done_next_stands_beside_each(as_user, aya, otto, sora, jin):
    lock, address = locked(sora, jin), reverse("accounts:lock_downs")
    seen, person = (reverse(f"accounts:{page}", args=[jin.uuid]) for page in ("exposure", "person"))
    assert steps_of(as_user(aya), address) == [seen, lift_address(lock)]
    services.lift_lock_down(by=aya, lock=lock, reason="free")
    assert steps_of(as_user(aya), address) == [seen, person]
    assert steps_of(as_user(otto), address) == [seen]
    again = locked(sora, jin)
    assert steps_of(as_user(aya), address) == [seen, lift_address(again), seen]
    services.lift_lock_down(by=aya, lock=again, reason="free")
    jin.refresh_from_db()
    services.change_log_in(by=aya, person=jin, role=jin.role, is_active=True, reason="free")
    assert steps_of(as_user(aya), address) == [seen, seen]


@pytest.mark.parametrize("number", [1, 30])
def test_register_of_lock_downs_costs_the_same_for_many(as_user, aya, number, django_assert_num_queries):
    f.LockDownFactory.create_batch(number)
    client = as_user(aya)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:lock_downs"))


# --- at the same moment ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_are_one_lock_down(hana, sora, jin):
    locks = at_once(lambda: locked(hana, jin), lambda: locked(sora, jin, "phone_lost"))
    assert locks[0] == locks[1] == LockDown.objects.get()


@pytest.mark.django_db(transaction=True)
def test_two_who_lock_each_other_down_are_both_out(hana, jin):
    for result in at_once(lambda: locked(hana, jin), lambda: locked(jin, hana)):
        assert isinstance(result, LockDown)
    assert {lock.person for lock in LockDown.objects.all()} == {hana, jin}


@pytest.mark.django_db(transaction=True)
def test_opened_and_locked_down_at_once_it_is_closed(aya, hana, jin):
    for _ in range(5):
        lock = LockDown.objects.in_force().filter(person=jin).first()
        if lock:
            services.lift_lock_down(by=aya, lock=lock, reason="again")
        opened = {"role": jin.role, "is_active": True, "reason": "back"}
        again = User.objects.get(pk=jin.pk)
        at_once(
            partial(services.change_log_in, by=aya, person=again, **opened),
            partial(locked, hana, jin),
        )
        jin.refresh_from_db()
        assert not jin.is_active


def test_a_log_in_under_way_is_born_dead(client, sora, jin):
    """Its person was read before the lock-down, its session is written after it."""
    request = HttpRequest()
    request.session = SessionStore()
    before = User.objects.get(pk=jin.pk)
    lock = locked(sora, jin)
    login(request, before, backend="accounts.entry.backends.NotLockedDown")
    request.session.save()
    f.DeviceFactory(user=jin, session_key=request.session.row_key)
    client.cookies["sessionid"] = request.session.session_key
    assert is_out(client)
    # Nor does it come to life when the log-in is opened again.
    aya = f.UserFactory(role="administrator")
    services.lift_lock_down(by=aya, lock=lock, reason="free")
    services.change_log_in(by=aya, person=jin, role=jin.role, is_active=True, reason="free")
    request.session.save(must_create=True)
    f.DeviceFactory(user=jin, session_key=request.session.row_key)
    client.cookies["sessionid"] = request.session.session_key
    assert is_out(client)
