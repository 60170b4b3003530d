"""Inviting people, changing roles, closing log-ins, cutting off lost devices."""

import re

import pytest
from django.urls import reverse

from accounts import services
from accounts.enums import RoleName
from accounts.models import User
from core.models import AuditEntry, OutboxMessage
from core.services import save_record
from shelters.models import Resident
from tests import factories

NEW = {"email": "nana@example.org", "name": "Nana", "role": "auditor", "language": "ja"}


def changes_of(person: User) -> list[str]:
    rows = AuditEntry.objects.filter(subject_uuid=person.uuid).order_by("id")
    return [row.action for row in rows]


@pytest.mark.parametrize(("language", "subject"), [("en", "Your log-in"), ("ja", None)])
def test_invited_person_sets_a_password_by_the_mail(as_user, client, aya, language, subject):
    response = as_user(aya).post(reverse("accounts:invite"), NEW | {"language": language})
    assert response.url == reverse("accounts:people")
    person = User.objects.get(email=NEW["email"])
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.language, mail.kind) == (person.email, language, "account")
    assert "Nana" not in mail.subject + mail.body
    assert subject in (None, mail.subject)
    page = client.get(re.search(r"http\S+(/password/new/\S+)", mail.body)[1])
    assert page.status_code == 200
    assert "set-password" in page.content.decode()
    assert changes_of(person) == ["accounts.invited", "accounts.invitation_sent"]


def test_the_same_address_twice_is_refused_with_a_sentence(as_user, aya, hana):
    response = as_user(aya).post(reverse("accounts:invite"), NEW | {"email": hana.email.upper()})
    assert response.status_code == 422
    assert "This e-mail address already has a log-in." in response.content.decode()
    assert not OutboxMessage.objects.exists()


def test_nobody_is_invited_as_the_system(as_user, aya):
    response = as_user(aya).post(reverse("accounts:invite"), NEW | {"role": RoleName.SYSTEM})
    assert response.status_code == 422
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_the_link_goes_out_once_a_day(as_user, aya, hana):
    client, address = as_user(aya), reverse("accounts:send_invitation", args=[hana.uuid])
    client.post(address)
    assert "already got the link today" in client.post(address, follow=True).content.decode()
    assert OutboxMessage.objects.count() == 1


def test_another_role_counts_at_once_and_logs_out(as_user, aya, hana):
    hanas = as_user(hana)
    body = {"role": "auditor", "is_active": "on", "reason": "moved to the board"}
    as_user(aya).post(reverse("accounts:person", args=[hana.uuid]), body)
    hana.refresh_from_db()
    assert hana.role == RoleName.AUDITOR
    assert hanas.get(reverse("accounts:me")).status_code == 302
    entry = AuditEntry.objects.get(action="accounts.changed")
    assert entry.changes == {"role": ["field_staff", "auditor"]}
    assert entry.reason == "moved to the board"


def test_a_closed_log_in_is_out_at_the_next_request(as_user, aya, hana, jin):
    hanas, jins = as_user(hana), as_user(jin)
    as_user(aya).post(reverse("accounts:person", args=[hana.uuid]), {"role": hana.role, "reason": "left"})
    assert hanas.get(reverse("accounts:me")).status_code == 302
    assert jins.get(reverse("accounts:me")).status_code == 200


def test_opened_again_the_old_devices_stay_out(as_user, aya, hana):
    hanas = as_user(hana)
    for is_active in (False, True):
        services.change_log_in(by=aya, person=hana, role=hana.role, is_active=is_active, reason="leave")
    assert hanas.get(reverse("accounts:me")).status_code == 302


def test_a_lost_phone_is_logged_out(as_user, aya, hana):
    phone, laptop = as_user(hana), as_user(hana)
    as_user(aya).post(reverse("accounts:log_out_everywhere", args=[hana.uuid]))
    assert phone.get(reverse("accounts:me")).status_code == 302
    assert laptop.get(reverse("accounts:me")).status_code == 302
    assert AuditEntry.objects.get(action="accounts.logged_out").changes == {"devices": [2, 0]}


def test_nobody_changes_their_own_log_in(as_user, aya):
    body = {"role": "auditor", "is_active": "on", "reason": "curious"}
    response = as_user(aya).post(reverse("accounts:person", args=[aya.uuid]), body)
    assert response.status_code == 422
    aya.refresh_from_db()
    assert aya.role == RoleName.ADMINISTRATOR
    with pytest.raises(services.NotOneself, match="another administrator"):
        services.change_log_in(by=aya, person=aya, role="auditor", is_active=True, reason="curious")


def test_the_systems_own_account_is_nobodys_business(as_user, aya):
    system = factories.UserFactory(name="System", role=RoleName.SYSTEM, is_active=False)
    assert as_user(aya).get(reverse("accounts:person", args=[system.uuid])).status_code == 404
    assert "System" not in as_user(aya).get(reverse("accounts:people")).content.decode()


def test_the_auditor_reads_people_without_links(as_user, otto, hana):
    page = as_user(otto).get(reverse("accounts:people")).content.decode()
    assert hana.email in page
    assert str(hana.uuid) not in page
    assert "Invite" not in page


@pytest.mark.parametrize("export", ["", "csv"])
def test_the_auditor_reads_no_sponsors_address(as_user, aya, otto, yuki, export):
    address, query = reverse("accounts:people"), {"export": export} if export else {}
    assert yuki.email in as_user(aya).get(address, query).content.decode()
    page = as_user(otto).get(address, query).content.decode()
    assert yuki.email not in page
    assert "y…@example.org" in page


@pytest.mark.parametrize("number", [1, 30])
def test_register_of_people_costs_the_same_for_many(as_user, aya, number, django_assert_num_queries):
    factories.UserFactory.create_batch(number)
    client = as_user(aya)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:people"))


@pytest.mark.parametrize("number", [1, 30])
def test_register_of_changes_costs_the_same_for_many(as_user, otto, number, django_assert_num_queries):
    for turn in range(number):
        services.choose_language(by=otto, language=("ja", "en")[turn % 2])
    client = as_user(otto)
    with django_assert_num_queries(9):
        page = client.get(reverse("accounts:audit")).content.decode()
    assert "English → 日本語" in page  # in words, not in codes


def test_the_administrator_sees_changes_of_accounts_alone(as_user, aya, otto, hana, rice):
    from core import audit

    audit.record(by=hana, action="stock.used", subject=rice)
    audit.record(by=aya, action="accounts.invited", subject=hana)
    taken = 'data-label="Action">used</td>'
    assert taken not in as_user(aya).get(reverse("accounts:audit")).content.decode()
    assert taken in as_user(otto).get(reverse("accounts:audit")).content.decode()


@pytest.mark.parametrize("export", ["", "csv"])
def test_the_trail_tells_which_data_of_a_person_changed_and_not_what_it_says(
    as_user, otto, miki, momo, momos_sponsor, export
):
    save_record(by=miki, record=momo, action="foster.changed", called="Kiku", origin="a small town")
    save_record(by=miki, record=momos_sponsor, action="foster.changed", email="new@example.net")
    guest = Resident(code="R-7")
    save_record(by=miki, record=guest, action="shelters.imported", needs="insulin")
    query = {"export": export} if export else {}
    page = as_user(otto).get(reverse("accounts:audit"), query).content.decode()
    for code in ("C-01", "S-01", "R-7"):
        assert code in page
    assert "needs" in page
    for told in ("Kiku", "Momo", "a small town", "example.net", "insulin"):
        assert told not in page
