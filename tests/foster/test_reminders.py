"""The monthly reminders: who gets one, what it says, and that it is asked again when it is sent."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.selectors import system_user
from core.enums import JobState
from core.fiscal import next_month
from core.models import AuditEntry, OutboxMessage
from core.tasks import send_outbox
from foster import selectors, services
from foster.models import Due, Reminder, ReminderOutcome
from foster.tasks import send_monthly_reminders
from tests import factories as make


@pytest.fixture
def month(today):
    return today.replace(day=1)


@pytest.fixture
def run_month(miki, month, today):
    def run():
        begun = services.begin_run(by=miki, month=month, today=today)
        services.carry_out_run(run=begun, today=today)
        return begun

    return run


def results(run) -> dict[str, str]:
    return {outcome.sponsor.code: outcome.result for outcome in selectors.outcomes(run)}


def pay(sponsor, amount=15000):
    return make.DonationFactory(donor=sponsor.donor, gross=Decimal(amount))


def pause(sponsor, first, last=None):
    make.PauseFactory(sponsorship=sponsor.sponsorships.get(), days=DateRange(first, last))


def end(sponsor, day):
    sponsor.sponsorships.update(ended_on=day, end_reason="sponsor_stopped")


def break_sponsor(sponsor):
    """In a language nobody knows: money cannot be printed in it."""
    type(sponsor).objects.filter(pk=sponsor.pk).update(user=None, language="xx")


def opt_out(sponsor, day):
    type(sponsor).objects.filter(pk=sponsor.pk).update(no_reminders_since=day)


# --- who gets one --------------------------------------------------------------------------------------


def test_open_month_is_one_mail(momos_sponsor, run_month):
    run = run_month()
    assert results(run) == {"S-01": "posted"}
    message = OutboxMessage.objects.get()
    assert (message.to_address, message.language) == (momos_sponsor.email, "en")
    assert message.key == Reminder.objects.get().key
    assert AuditEntry.objects.filter(action="foster.reminded", subject_label__startswith="S-01").exists()


def test_two_children_are_one_mail(momos_sponsor, taro, run_month):
    make.SponsorshipFactory(sponsor=momos_sponsor, child=taro)
    run_month()
    message = OutboxMessage.objects.get()
    assert "¥30,000" in message.body
    assert "Contributions open: 2" in message.body


def test_second_run_reminds_nobody_again(momos_sponsor, run_month):
    run_month()
    assert results(run_month()) == {"S-01": "already"}
    assert OutboxMessage.objects.count() == 1


def test_run_begun_again_after_a_crash_keeps_its_result(momos_sponsor, run_month, today):
    run = run_month()
    services.carry_out_run(run=run, today=today)
    assert results(run) == {"S-01": "posted"}
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("happens", "result"),
    [
        (lambda sponsor, today: pay(sponsor), "paid"),
        (lambda sponsor, today: pause(sponsor, today - timedelta(days=40)), "paused"),
        (lambda sponsor, today: pause(sponsor, today), "paused"),
        (lambda sponsor, today: opt_out(sponsor, today), "opted_out"),
        (
            lambda sponsor, today: sponsor.sponsorships.get().rates.update(from_month=date(2100, 1, 1)),
            "no_rate",
        ),
    ],
)
def test_others_get_none_and_the_run_says_why(happens, result, momos_sponsor, run_month, today):
    happens(momos_sponsor, today)
    assert results(run_month()) == {"S-01": result}
    assert not OutboxMessage.objects.exists()
    assert not Reminder.objects.exists()


def test_sponsor_without_address_is_named(run_month, db):
    make.SponsorshipFactory(sponsor__code="S-07", sponsor__email="")
    assert results(run_month()) == {"S-07": "no_address"}


def test_address_of_the_log_in_serves_when_no_other_is_kept(momos_sponsor, yuki, run_month):
    type(momos_sponsor).objects.update(email="")
    run_month()
    assert OutboxMessage.objects.get().to_address == yuki.email


def test_ended_before_the_month_is_no_concern(momos_sponsor, run_month, month):
    end(momos_sponsor, month)
    assert results(run_month()) == {}


def test_who_owes_for_another_month_has_payments_shared_out_without_a_mail(momos_sponsor, run_month, month):
    old = make.DueFactory(sponsorship=momos_sponsor.sponsorships.get(), month=date(2025, 1, 1))
    end(momos_sponsor, month)
    pay(momos_sponsor)
    run_month()
    assert Due.objects.with_paid().get(pk=old.pk).open == 0
    assert not OutboxMessage.objects.exists()


def test_payment_goes_to_the_older_month_and_the_mail_says_what_is_left(momos_sponsor, run_month):
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get(), month=date(2025, 1, 1))
    pay(momos_sponsor, 5000)
    run_month()
    body = OutboxMessage.objects.get().body
    assert "Amount open: ¥15,000" in body
    assert "From earlier months: ¥10,000" in body


def test_one_broken_sponsor_does_not_stop_the_others(momos_sponsor, taros_sponsor, run_month):
    break_sponsor(momos_sponsor)
    run = run_month()
    assert results(run) == {"S-01": "failed", "S-02": "posted"}
    job = selectors.job_of(run)
    assert job.state == JobState.FAILED
    assert job.trouble.startswith("1 sponsor could not be processed")


# --- what it says --------------------------------------------------------------------------------------


def test_mail_names_no_person_and_no_child(momos_sponsor, momo, run_month, month):
    run_month()
    message = OutboxMessage.objects.get()
    text = message.subject + message.body
    for secret in ("Momo", "C-01", "Secret", "WILLOW", "Yuki", momos_sponsor.name, "refugee", "child"):
        assert secret.lower() not in text.lower()
    assert "S-01" in message.body
    assert "http://localhost:8000/foster/mine/payments/" in message.body
    assert f"{month:%B %Y}" in message.subject


@pytest.mark.parametrize(("language", "amount"), [("en", "¥15,000"), ("ja", "￥15,000")])
def test_mail_speaks_the_sponsors_language(language, amount, momos_sponsor, yuki, run_month, month):
    type(yuki).objects.filter(pk=yuki.pk).update(language=language)
    run_month()
    message = OutboxMessage.objects.get()
    when = f"{month.year}年{month.month}月" if language == "ja" else f"{month:%B %Y}"
    assert message.language == language
    assert when in message.subject
    assert amount in message.body


def test_without_a_log_in_the_kept_language_counts(run_month, db):
    make.SponsorshipFactory(sponsor__language="ja")
    run_month()
    message = OutboxMessage.objects.get()
    assert message.language == "ja"
    assert "/mine/" not in message.body


# --- asked again when sending --------------------------------------------------------------------------


def test_sending_goes_through_the_outbox_and_the_sample_shows_it(momos_sponsor, run_month, settings):
    settings.EMAIL_URL = ""
    run_month()
    assert mail.outbox == []
    send_outbox()
    assert OutboxMessage.objects.get().state == "sent"
    assert mail.outbox == []


@pytest.mark.parametrize(
    "happens",
    [
        lambda sponsor, today: pay(sponsor),
        lambda sponsor, today: pause(sponsor, today),
        lambda sponsor, today: opt_out(sponsor, today),
        lambda sponsor, today: end(sponsor, today),
    ],
    ids=["paid", "paused", "opted out", "ended"],
)
def test_settled_between_queue_and_send_is_no_mail(happens, momos_sponsor, run_month, today):
    run = run_month()
    happens(momos_sponsor, today)
    send_outbox()
    assert OutboxMessage.objects.get().state == "withdrawn"
    assert [outcome.mail for outcome in selectors.outcomes(run)] == ["withdrawn"]


def test_partial_payment_between_queue_and_send_still_reminds(momos_sponsor, run_month):
    run_month()
    pay(momos_sponsor, 14000)
    send_outbox()
    assert OutboxMessage.objects.get().state == "sent"


# --- the command, the task, dry runs -------------------------------------------------------------------


def rows_everywhere() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def command(*arguments) -> str:
    out = io.StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue()


def test_dry_run_writes_nothing_and_finds_what_the_run_finds(momos_sponsor, taros_sponsor, month):
    pay(taros_sponsor)
    before = rows_everywhere()
    dry = command("--month", f"{month:%Y-%m}", "--dry-run")
    assert rows_everywhere() == before
    assert [line.split(None, 1) for line in dry.splitlines()[:2]] == [
        ["S-01", "to be sent"],
        ["S-02", "has paid"],
    ]
    real = command("--month", f"{month:%Y-%m}")
    assert [line.split(None, 1) for line in real.splitlines()] == [
        ["S-01", "reminded"],
        ["S-02", "has paid"],
        ["2", "sponsors. has paid: 1, reminded: 1"],
    ]


@pytest.mark.parametrize("text", ["2026-13", "November", "2026", "2026-1", "2026-11-01"])
def test_bad_month_is_a_sentence(text, db):
    with pytest.raises(CommandError, match="is not a month. Write it as 2026-11"):
        command("--month", text)


def test_month_that_has_not_begun_is_refused(db, month):
    for more in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="has not begun"):
            command("--month", f"{next_month(month):%Y-%m}", *more)
    assert not Due.objects.exists()


def test_command_says_when_a_sponsor_failed(momos_sponsor, taros_sponsor, month):
    break_sponsor(momos_sponsor)
    with pytest.raises(CommandError, match="could not be processed"):
        command("--month", f"{month:%Y-%m}")
    assert set(ReminderOutcome.objects.values_list("sponsor__code", "result", "trouble")) == {
        ("S-01", "failed", "UnknownLocaleError"),
        ("S-02", "posted", ""),
    }


def test_beat_takes_the_current_month_as_the_system(momos_sponsor, month):
    send_monthly_reminders()
    reminder = Reminder.objects.select_related("run").get()
    assert (reminder.month, reminder.run.by) == (month, system_user())
    assert selectors.job_of(reminder.run).state == JobState.DONE


def test_task_is_the_one_beat_calls():
    from lfnkr.celery import app

    entry = app.conf.beat_schedule["monthly-reminders"]
    assert entry["task"] == send_monthly_reminders.name


def test_run_counts_its_progress(momos_sponsor, taros_sponsor, run_month):
    job = selectors.job_of(run_month())
    assert (job.state, job.done, job.total, job.trouble) == (JobState.DONE, 2, 2, "")


# --- the pages -----------------------------------------------------------------------------------------


def test_page_shows_who_would_get_one_and_why_others_not(momos_sponsor, taros_sponsor, miki, as_user):
    pay(taros_sponsor)
    client = as_user(miki)
    before = rows_everywhere()
    page = client.get("/foster/reminders/").content.decode()
    assert "to be sent" in page
    assert "has paid" in page
    assert rows_everywhere() == before


def test_page_costs_the_same_for_one_and_for_thirty_sponsors(miki, as_user, django_assert_num_queries):
    client = as_user(miki)
    make.SponsorshipFactory()
    with django_assert_num_queries(16):
        client.get("/foster/reminders/")
    for _ in range(29):
        make.SponsorshipFactory()
    with django_assert_num_queries(16):
        client.get("/foster/reminders/")


@pytest.mark.parametrize("text", ["soon", "2999-01", ""])
def test_page_answers_a_bad_month_with_a_sentence(text, miki, as_user):
    response = as_user(miki).get("/foster/reminders/", {"month": text})
    assert response.status_code == 422
    assert "month" in response.content.decode()


def test_month_going_on_is_not_started_twice(momos_sponsor, miki, as_user, month, today):
    going_on = services.begin_run(by=miki, month=month, today=today)
    response = as_user(miki).post("/foster/reminders/", {"month": f"{month:%Y-%m}"})
    assert response.url.endswith(f"{going_on.uuid}/")


def test_dead_run_does_not_block_the_month(miki, month, today):
    services.begin_run(by=miki, month=month, today=today)
    now = timezone.now()
    assert selectors.unfinished_run(month, now) is not None
    assert selectors.unfinished_run(month, now + timedelta(minutes=16)) is None


def test_run_page_polls_until_it_is_over(momos_sponsor, miki, as_user, month, today):
    client = as_user(miki)
    run = services.begin_run(by=miki, month=month, today=today)
    address = f"/foster/reminders/{run.uuid}/"
    assert "every 1s" in client.get(address).content.decode()
    services.carry_out_run(run=run, today=today)
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in fragment
    assert "S-01" in fragment
    assert "<html" not in fragment


def test_run_page_costs_the_same_for_one_and_for_thirty(miki, as_user, month, django_assert_num_queries):
    client = as_user(miki)
    run = services.begin_run(by=miki, month=month, today=month)
    make.ReminderOutcomeFactory(run=run)
    with django_assert_num_queries(11):
        client.get(f"/foster/reminders/{run.uuid}/")
    for _ in range(29):
        make.ReminderOutcomeFactory(run=run)
    with django_assert_num_queries(11):
        client.get(f"/foster/reminders/{run.uuid}/")


@pytest.fixture
def no_queue():
    """The broker is gone."""
    from lfnkr.celery import app

    usual = app.conf.broker_url

    def use(address):
        app.conf.broker_url = address
        app._pool = None
        app.__dict__.pop("amqp", None)

    use("redis+socket:///nowhere/redis.sock")
    yield
    use(usual)


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_the_run_says_so(no_queue, momos_sponsor, miki, as_user, month):
    response = as_user(miki).post("/foster/reminders/", {"month": f"{month:%Y-%m}"}, follow=True)
    assert "The queue cannot be reached, nothing was done" in response.content.decode()
    assert selectors.unfinished_run(month, timezone.now()) is None


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_mails_wait_in_the_outbox(no_queue, momos_sponsor, run_month):
    assert results(run_month()) == {"S-01": "posted"}
    assert OutboxMessage.objects.get().state == "queued"
