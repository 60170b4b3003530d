"""The log-ins of the sample: offered on the log-in page there, and nowhere else."""

import stat

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import sample, services
from accounts.enums import RoleName
from accounts.selectors import system_user
from tests import factories


@pytest.fixture(autouse=True)
def log_ins(settings, tmp_path):
    settings.SAMPLE = True
    settings.SAMPLE_LOG_INS = tmp_path / "log-ins.txt"
    return settings.SAMPLE_LOG_INS


def test_one_line_a_role_only_for_its_owner(log_ins, hana, jin, sora):
    sample.write_log_ins([hana, jin, sora], "pass-word")
    assert [line.split() for line in log_ins.read_text().splitlines()] == [
        ["field_staff", hana.email, "pass-word"],
        ["supply_coordinator", sora.email, "pass-word"],
    ]
    assert stat.S_IMODE(log_ins.stat().st_mode) == 0o600


def test_the_password_is_made_once_for_an_installation(hana):
    first = sample.password()
    assert sample.password() != first
    sample.write_log_ins([hana], first)
    assert sample.password() == first


def test_one_tap_logs_in(client, hana):
    people = services.give_sample_password(by=system_user(), password="the-sample-password")
    sample.write_log_ins(people, "the-sample-password")
    page = client.get(reverse("account_login")).content.decode()
    assert f'name="login" value="{hana.email}"' in page
    offered = {"login": hana.email, "password": "the-sample-password"}
    assert client.post(reverse("account_login"), offered).status_code == 302


def test_never_outside_the_sample(client, hana, settings):
    sample.write_log_ins([hana], "the-sample-password")
    settings.SAMPLE = False
    assert hana.email not in client.get(reverse("account_login")).content.decode()
    with pytest.raises(PermissionDenied):
        services.give_sample_password(by=system_user(), password="the-sample-password")
    with pytest.raises(CommandError, match="not a sample"):
        call_command("load_sample")


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
    for person in offered:
        body = {"login": person.email, "password": person.password}
        assert client.post(reverse("account_login"), body).status_code == 302
        assert client.get(reverse("home"), follow=True).status_code == 200
        client.post(reverse("account_logout"))
