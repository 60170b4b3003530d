"""The log-ins of the sample: offered on the log-in page there, and nowhere else."""

import re
import stat
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sample, services
from accounts.enums import RoleName
from accounts.models import LogInLink
from accounts.selectors import APP, factors_of, system_user
from tests import factories
from tests.entering import code_of, is_in, try_code, try_password

pytestmark = pytest.mark.usefixtures("still")

SHARED = "the-sample-password"
ONE_TAP = reverse("account_sample")


@pytest.fixture(autouse=True)
def log_ins(settings, tmp_path):
    settings.SAMPLE = True
    settings.SAMPLE_LOG_INS = tmp_path / "log-ins.txt"
    return settings.SAMPLE_LOG_INS


def given(people=None) -> None:
    """What `load_sample` gives everybody: a password, an app for codes, a line in the file."""
    everybody = services.give_sample_password(by=system_user(), password=SHARED)
    services.give_sample_factors(by=system_user())
    sample.write_log_ins(people or everybody, SHARED)


def buttons(client) -> dict[str, dict[str, str]]:
    """E-mail → the hidden values of its button on the log-in page."""
    page = client.get(reverse("account_login")).content.decode()
    forms = page.split(f'action="{ONE_TAP}"')[1:]
    found = [dict(re.findall(r'name="(login|password)" value="([^"]*)"', form)) for form in forms]
    return {values["login"]: values for values in found}


def test_one_line_a_role_only_for_its_owner(log_ins, hana, jin, sora, yuki):
    sample.write_log_ins([hana, jin, sora, yuki], "pass-word")
    lines = log_ins.read_text().splitlines()
    assert [line.split() for line in lines if not line.startswith("#")] == [
        ["sponsor", yuki.email, "-"],
        ["field_staff", hana.email, "pass-word"],
        ["supply_coordinator", sora.email, "pass-word"],
    ]
    assert "manage.py sample_code" in log_ins.read_text()
    assert stat.S_IMODE(log_ins.stat().st_mode) == 0o600


def test_the_password_is_made_once_for_an_installation(hana, yuki):
    first = sample.password()
    assert sample.password() != first
    sample.write_log_ins([yuki, hana], first)
    assert sample.password() == first


def test_one_tap_logs_in_by_password_and_the_code_that_is_shown(client, hana):
    given()
    values = buttons(client)[hana.email]
    assert code_of(hana) in client.get(reverse("account_login")).content.decode()
    assert client.post(ONE_TAP, values).url == reverse("home")
    assert is_in(client)


def test_one_tap_checks_for_real(client, hana):
    given()
    values = buttons(client)[hana.email]
    for _guess in range(5):
        assert client.post(ONE_TAP, values | {"password": "wrong"}).status_code == 200
    assert not is_in(client)
    assert client.post(ONE_TAP, values).status_code == 429


def test_a_tap_on_a_page_that_stood_open_for_long(client, hana, time_machine):
    given()
    values = buttons(client)[hana.email]
    time_machine.move_to(timezone.now() + timedelta(hours=3))
    client.post(ONE_TAP, values)
    assert is_in(client)


def test_a_tap_after_a_log_in_that_was_left_half_way(client, hana, sora):
    given()
    values = buttons(client)[sora.email]
    try_password(client, hana.email, SHARED)
    client.post(ONE_TAP, values)
    assert client.get(reverse("accounts:me")).context["user"] == sora


def test_a_tap_makes_each_code_good_once(hana):
    given()
    values, answers = buttons(Client())[hana.email], []
    for _time in range(3):  # the code of now, the next one; then none is left for half a minute
        answers.append(Client().post(ONE_TAP, values).status_code)
    assert answers == [302, 302, 422]


def test_who_types_the_password_is_shown_the_code(client, hana, settings):
    given()
    try_password(client, hana.email, SHARED)
    page = reverse("mfa_authenticate")
    assert code_of(hana) in client.get(page).content.decode()
    settings.SAMPLE = False
    assert code_of(hana) not in client.get(page).content.decode()


def test_in_and_out_and_in_again_within_one_code(client, hana):
    given()
    for _time in range(2):
        client.post(ONE_TAP, buttons(client)[hana.email])
        assert is_in(client)
        client.post(reverse("account_logout"))


def test_a_sponsors_tap_uses_a_real_link(client, yuki):
    given()
    values = buttons(client)[yuki.email]
    assert set(values) == {"login"}
    assert client.post(ONE_TAP, values).url == reverse("home")
    assert is_in(client)
    assert LogInLink.objects.get().used_at


@pytest.mark.parametrize("login", ["", "nobody@example.org", "a\x00b"])
def test_a_tap_of_nobody_finds_nothing(client, hana, login):
    assert client.post(ONE_TAP, {"login": login}).status_code == 404
    assert client.get(ONE_TAP).status_code == 405


def test_the_code_can_be_typed(client, hana, capsys):
    given()
    call_command("sample_code")
    code = re.search(rf"{hana.email}\s+(\d{{6}})", capsys.readouterr().out)[1]
    try_password(client, hana.email, SHARED)
    assert try_code(client, code).status_code == 302


def test_never_outside_the_sample(client, hana, yuki, settings):
    given()
    values = buttons(client)
    settings.SAMPLE = False
    page = client.get(reverse("account_login")).content.decode()
    assert hana.email not in page
    assert ONE_TAP not in page
    assert "Sample" not in page
    for person in (hana, yuki):
        assert client.post(ONE_TAP, values[person.email]).status_code == 404
    for refused in (
        lambda: services.give_sample_password(by=system_user(), password=SHARED),
        lambda: services.give_sample_factors(by=system_user()),
        lambda: sample.codes_of([hana.email], timezone.now()),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    for command in ("load_sample", "sample_code"):
        with pytest.raises(CommandError, match="not a sample"):
            call_command(command)


def test_nobody_logs_in_as_the_system(db):
    services.give_sample_password(by=system_user(), password="the-sample-password")
    assert not system_user().check_password("the-sample-password")


def test_a_database_with_people_is_left_alone(hana, settings, tmp_path, capsys):
    settings.SAMPLE_WORKBOOK = tmp_path / "demo.xlsx"
    settings.SAMPLE_WORKBOOK.touch()
    call_command("load_sample")
    assert "has data already" in capsys.readouterr().out
    hana.refresh_from_db()
    assert hana.check_password("a long password for tests")


def test_people_of_an_older_sample_get_a_second_factor(hana, jin, yuki, settings, tmp_path):
    settings.SAMPLE_WORKBOOK = tmp_path / "demo.xlsx"
    settings.SAMPLE_WORKBOOK.touch()
    had = factories.app_of(jin).data
    call_command("load_sample")
    assert factors_of(hana).get().type == APP
    assert factors_of(jin).get().data == had
    assert not factors_of(yuki).exists()


def test_without_a_workbook_one_line_says_so(db, settings, tmp_path, capsys):
    settings.SAMPLE_WORKBOOK = tmp_path / "demo.xlsx"
    call_command("load_sample")
    assert capsys.readouterr().out.count("\n") == 1


def test_the_first_person_of_a_role_is_offered(log_ins, db):
    people = [factories.UserFactory(name=name, role=RoleName.SPONSOR) for name in ("Zoe", "Ann")]
    sample.write_log_ins(people, "pass-word")
    assert "zoe@" in log_ins.read_text()
    assert "ann@" not in log_ins.read_text()


def test_the_real_sample_has_a_log_in_for_every_role_and_each_works(client, db, log_ins):
    call_command("load_sample")
    offered = sample.log_ins()
    assert {person.role for person in offered} == set(RoleName.values) - {RoleName.SYSTEM}
    for values in buttons(client).values():
        client.post(ONE_TAP, values)
        assert is_in(client)
        assert client.get(reverse("home"), follow=True).status_code == 200
        client.post(reverse("account_logout"))
