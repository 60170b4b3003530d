"""From the button to the whole draft: started twice, killed in the middle, edited, taken home."""

import json
import threading
from datetime import date, timedelta

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from core.enums import JobState
from core.models import AuditEntry, Job
from core.services import begin_job, finish_job
from reports import services, tasks
from reports.models import AnnualReport, Section
from reports.services import start_draft
from tests.reports.conftest import YEAR, deliver, log, recipient


@pytest.fixture
def drafted(full_year, aya):
    """Aya's draft of 2026, as the worker made it."""
    report = start_draft(by=aya, year=YEAR, language="en")
    tasks.draft_annual_report(str(report.uuid))
    report.refresh_from_db()
    return report


def page_of(report, client):
    return client.get(reverse("reports:report", kwargs={"uuid": report.uuid}))


def test_button_starts_a_draft_of_the_chosen_year(full_year, as_user, aya):
    response = as_user(aya).post(reverse("reports:draft"), {"year": "2026", "language": "ja"})
    report = AnnualReport.objects.get()
    assert response.url == reverse("reports:report", kwargs={"uuid": report.uuid})
    assert (report.year, report.language, report.drafted_at, report.by) == (2026, "ja", None, aya)
    assert Job.objects.get(uuid=report.job_uuid).state == JobState.QUEUED


def test_button_offers_the_last_finished_year_first(as_user, aya, today, time_machine):
    time_machine.move_to("2026-08-31T20:00:00+09:00")
    form = as_user(aya).get(reverse("reports:start")).context["form"]
    assert form["year"].value() == 2025
    time_machine.move_to("2026-09-01T00:30:00+09:00")
    form = as_user(aya).get(reverse("reports:start")).context["form"]
    assert form["year"].value() == 2026


def test_year_that_is_not_offered_is_refused(as_user, aya):
    response = as_user(aya).post(reverse("reports:draft"), {"year": "1812", "language": "en"})
    assert response.status_code == 422
    assert not AnnualReport.objects.exists()


def test_auditor_sees_the_drafts_and_starts_none(as_user, otto, drafted):
    client = as_user(otto)
    page = client.get(reverse("reports:start")).content.decode()
    assert "Fiscal year 2026" in page
    assert reverse("reports:draft") not in page
    assert client.post(reverse("reports:draft"), {"year": "2026", "language": "en"}).status_code == 403


def test_pressed_twice_it_is_one_draft(db, aya):
    first = start_draft(by=aya, year=YEAR, language="en")
    second = start_draft(by=aya, year=YEAR, language="en")
    assert (first.pk, first.job_uuid) == (second.pk, second.job_uuid)
    assert AuditEntry.objects.filter(action="reports.draft_started").count() == 1


def test_worker_writes_the_whole_draft_and_finishes_its_job(drafted):
    job = Job.objects.get(uuid=drafted.job_uuid)
    assert (job.state, job.done) == (JobState.DONE, job.total)
    assert job.total > 40
    assert drafted.sections.count() == 13
    assert drafted.drafted_figures["food_inside"] == {"value": "5.2505", "qualifier": "exact", "count": 4}
    assert AuditEntry.objects.filter(action="reports.drafted", subject_uuid=drafted.uuid).count() == 1


def test_task_delivered_again_changes_nothing(drafted):
    before = list(drafted.sections.values_list("uuid", "text"))
    tasks.draft_annual_report(str(drafted.uuid))
    assert list(drafted.sections.values_list("uuid", "text")) == before
    assert AuditEntry.objects.filter(action="reports.drafted").count() == 1


def test_worker_killed_in_the_middle_leaves_no_half_draft(full_year, as_user, aya):
    report = start_draft(by=aya, year=YEAR, language="en")
    begin_job(job=Job.objects.get(), total=50)  # and there the worker died
    Job.objects.update(done=20)
    client = as_user(aya)
    page = page_of(report, client).content.decode()
    assert "20 of 50 figures" in page
    assert "safe zone" not in page
    download = {"uuid": report.uuid, "form": "json"}
    assert client.get(reverse("reports:download", kwargs=download)).status_code == 404
    again = start_draft(by=aya, year=YEAR, language="en")
    tasks.draft_annual_report(str(again.uuid))
    assert again.pk == report.pk
    assert "safe zone" in page_of(report, client).content.decode()


def test_progress_is_a_fragment_and_the_end_reloads_the_page(full_year, as_user, aya):
    report = start_draft(by=aya, year=YEAR, language="en")
    client = as_user(aya, headers={"HX-Request": "true"})
    waiting = page_of(report, client)
    assert b"<html" not in waiting.content
    assert b"Waiting for a worker" in waiting.content
    assert b"Start again" not in waiting.content
    tasks.draft_annual_report(str(report.uuid))
    assert page_of(report, client).headers["HX-Refresh"] == "true"


def test_draft_nobody_takes_up_can_be_started_again(full_year, as_user, aya, time_machine):
    report = start_draft(by=aya, year=YEAR, language="en")
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    assert b"Start again" in page_of(report, as_user(aya)).content


def test_failed_draft_says_so_and_starts_afresh(db, aya, as_user):
    report = start_draft(by=aya, year=YEAR, language="en")
    finish_job(job=Job.objects.get(), trouble="The draft could not be made.")
    assert b"could not be made" in page_of(report, as_user(aya)).content
    assert start_draft(by=aya, year=YEAR, language="en").job_uuid != report.job_uuid


def test_page_shows_figures_beside_the_text(drafted, as_user, otto):
    page = page_of(drafted, as_user(otto)).content.decode()
    assert '<a href="/reports/records/2026/people_to_safe_zones/">six people</a>' in page
    assert "not above the year before" in page
    assert "What differs today" not in page
    assert reverse("reports:section", kwargs={"uuid": drafted.sections.first().uuid}) not in page


def test_page_says_what_differs_from_the_day_of_the_draft(drafted, as_user, aya):
    log("rescue", {"people": 3}, milestone="safe_zone", starts_on=date(2026, 4, 1))
    response = page_of(drafted, as_user(aya))
    assert [row.reading.key for row in response.context["differing"]] == ["people_to_safe_zones"]
    page = " ".join(response.content.decode().split())
    assert "now nine people; then 6 from 2 records" in page
    assert ">nine people</a>" in page


def test_draft_is_taken_home_in_three_formats(drafted, as_user, otto):
    client = as_user(otto)

    def take(form):
        return client.get(reverse("reports:download", kwargs={"uuid": drafted.uuid, "form": form}))

    data = json.loads(take("json").content)
    assert data["year"] == {"label": "fiscal year 2026", "start": "2025-09-01", "end": "2026-08-31"}
    assert data["sections"][0]["heading"] == "Annual report, fiscal year 2026"
    assert "{{" not in take("json").content.decode()
    assert take("md").content.decode().startswith("# Annual report, fiscal year 2026\n")
    assert "<h1>Annual report, fiscal year 2026</h1>" in take("html").content.decode()
    assert take("html").headers["Content-Disposition"] == 'attachment; filename="annual-report-2026-en.html"'
    assert take("exe").status_code == 404


# --- editing ---------------------------------------------------------------------------------------------


def edit(client, section, text):
    address = reverse("reports:section", kwargs={"uuid": section.uuid})
    return client.post(address, {"heading": "Rescue, retold", "text": text})


def test_section_is_rewritten_with_its_slots_alive(drafted, as_user, aya, rice):
    section = drafted.sections.get(heading="Rescue")
    response = edit(as_user(aya), section, "We carried {{food_inside}}.")
    assert response.status_code == 302
    deliver(recipient(), rice, 1000)
    page = page_of(drafted, as_user(aya)).content.decode()
    assert "6.2505 tons</a>." in page
    entry = AuditEntry.objects.get(action="reports.section_edited")
    assert entry.changes["heading"] == ["Rescue", "Rescue, retold"]


def test_slot_that_does_not_exist_is_refused_with_a_sentence(drafted, as_user, aya):
    section = drafted.sections.get(heading="Rescue")
    response = edit(as_user(aya), section, "We carried {{food_outside}}.")
    assert response.status_code == 422
    assert "There is no figure called food_outside." in response.content.decode()
    section.refresh_from_db()
    assert "food_outside" not in section.text


def test_form_lists_the_slots_with_what_they_say(drafted, as_user, aya):
    section = drafted.sections.first()
    page = as_user(aya).get(reverse("reports:section", kwargs={"uuid": section.uuid})).content.decode()
    slot, says = '<code class="text-body">{{people_to_safe_zones}}</code></dt>', ">six people</dd>"
    assert says in page.split(slot)[1].split("<dt")[0]


# --- at once ------------------------------------------------------------------------------------------------


def at_once(work):
    together, trouble = threading.Barrier(2), []

    def one():
        together.wait()
        try:
            work()
        except Exception as error:
            trouble.append(error)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


@pytest.mark.django_db(transaction=True)
def test_two_buttons_at_once_make_one_draft(aya):
    at_once(lambda: start_draft(by=aya, year=YEAR, language="en"))
    assert AnnualReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_draft(aya):
    log("article")
    report = start_draft(by=aya, year=YEAR, language="en")
    at_once(lambda: tasks.draft_annual_report(str(report.uuid)))
    positions = Section.objects.values_list("position", flat=True)
    assert len(positions) == len(set(positions)) > 5
    assert AuditEntry.objects.filter(action="reports.drafted").count() == 1


def test_draft_is_whole_or_not_at_all(db, aya):
    """The sections and the word that they are there are one transaction."""
    report = start_draft(by=aya, year=YEAR, language="en")
    with transaction.atomic():
        services.draft_annual_report(by=aya, report=report, readings=[], now=timezone.now())
        transaction.set_rollback(True)  # as when the worker dies before the commit
    report.refresh_from_db()
    assert (report.drafted_at, Section.objects.count()) == (None, 0)
