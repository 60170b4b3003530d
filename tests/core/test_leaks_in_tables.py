"""Registers, the workbook and the report on their way out: usable, and held where a value slipped in."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import system_user
from core import leaks
from core.enums import FindingState
from core.leaks.cells import Kind, kind_of
from core.models import AuditEntry, LeakFinding, OutboxMessage
from core.workbook.exporting import LeakHeld, export_workbook
from core.workbook.importing import import_workbook
from donations.models import Donation
from foster.models import Child, ChildUpdate
from supply.models import Movement
from tests import factories as make
from tests.core.workbooks import written

NAMES = ("su", "hui", "ho", "ok", "il", "chun")


def rows_of(answer) -> list[list[str]]:
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def refused(client, address) -> str:
    """The sentence on the page to which a refused export leads back."""
    answer = client.get(address)
    assert answer.status_code == 302
    assert "export=" not in answer.url
    return client.get(answer.url).content.decode()


# --- registers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("hana", "shelters:list"), ("sora", "shelters:list"), ("sora", "supply:start"),
        ("sora", "supply:routes"),
        ("sora", "supply:movements"), ("sora", "supply:recipients"), ("otto", "supply:movements"),
        ("otto", "accounts:audit"), ("miki", "foster:children"), ("miki", "foster:updates"),
        ("miki", "foster:sponsors"), ("kenji", "donations:list"), ("kenji", "donations:donors"),
        ("aya", "accounts:people"), ("aya", "reports:activities"), ("aya", "shelters:list"),
    ],
)  # fmt: skip
def test_who_may_see_a_register_gets_its_codes_and_names(person, address, request, as_user, rice):
    """Donors, sponsors and staff may have the name of somebody who is hidden; that is no news of them."""
    stocked = request.getfixturevalue("stocked")
    momo = request.getfixturevalue("momo")
    route = make.RouteFactory(code="RN-77")
    target = make.RecipientFactory(code="ORPHANAGE-77").place
    make.MovementFactory(item=rice, source=stocked.store, destination=target, quantity=1, route=route)
    make.ResidentFactory(real_name="Han Yong-su\nYuki\nHana", code="X-777")
    donor = make.DonorFactory(name="Han Yong-su")
    make.DonationFactory(donor=donor)
    make.SponsorFactory(name="Han Yong-su", donor=donor)
    make.ChildUpdateFactory(child=momo)
    make.AuditEntryFactory(by_name="Hana", subject_type="shelters.resident", subject_label="X-777")
    answer = as_user(request.getfixturevalue(person)).get(reverse(address), {"export": "csv"})
    assert rows_of(answer)
    assert not LeakFinding.objects.exists()


def test_sealed_value_in_a_note_holds_the_file_back(kenji, as_user):
    make.ResidentFactory(real_name="Han Yong-su")
    make.DonationFactory(note="for a coat")
    make.DonationFactory(note="for Han Yong-su's coat")
    client, address = as_user(kenji), reverse("donations:list")
    for form in ("csv", "xlsx"):
        page = refused(client, f"{address}?export={form}&channel=bank")
        assert "The file was not made: something protected stands in it" in page
        assert "“Note”" in page
        assert "Yong-su" not in page.split("<table")[0]
    finding = LeakFinding.objects.get()
    assert (finding.channel, finding.text_type) == ("export", "donations.donation")
    assert finding.authors == [kenji.pk]
    Donation.objects.update(note="for a coat")
    assert len(rows_of(client.get(f"{address}?export=csv"))) == 3


def test_code_in_a_note_is_a_leak_only_to_who_may_not_see_the_record(stocked, rice, sora, otto, as_user):
    route = make.RouteFactory(code="RN-77")
    make.MovementFactory(item=rice, destination=stocked.store, document="came over RN-77")
    assert route
    assert rows_of(as_user(sora).get("/supply/movements/?export=csv"))  # reads routes
    assert "The file was not made" in refused(as_user(otto), "/supply/movements/?export=csv")


def test_settled_words_of_a_register_leave_with_every_later_file(kenji, jin, maple, as_user):
    resident = make.ResidentFactory(real_name="Han Yong-su")
    make.StayFactory(resident=resident, shelter=maple)
    make.DonationFactory(note="from the singer Han Yong-su")
    client, address = as_user(kenji), reverse("donations:list")
    refused(client, f"{address}?export=csv")
    finding = LeakFinding.objects.get()
    body = {"state": FindingState.NO_LEAK, "reason": "the singer"}
    as_user(jin).post(reverse("accounts:settle_leak", args=[finding.uuid]), body)
    make.DonationFactory(note="for a coat")
    assert len(rows_of(client.get(f"{address}?export=csv"))) == 3


def test_who_tries_names_in_a_register_is_told_no_more_and_an_administrator_is(kenji, miki, aya, as_user):
    """One guess a time, 26 in a row: after the twentieth hit the answer names no row, and the alarm goes."""
    names = [f"Han {one}-{two}" for one in ("Yong", "Son", "Chol", "Myong", "Kyong") for two in NAMES]
    for name in names:
        make.ResidentFactory(real_name=name)
    client, donation = as_user(kenji), make.DonationFactory()
    answers = []
    for name in names[:26]:
        Donation.objects.filter(pk=donation.pk).update(note=f"a coat for {name}")
        answers.append(refused(client, f"{reverse('donations:list')}?export=csv").split("<table")[0])
    assert all("“Note”" in answer for answer in answers[: leaks.MANY_AN_HOUR])
    for answer in answers[leaks.MANY_AN_HOUR :]:
        assert "“Note”" not in answer
        assert "it is not said where, and an administrator was told" in answer
    assert AuditEntry.objects.filter(action="accounts.many_findings", by_id=kenji.pk).count() == 1
    assert OutboxMessage.objects.filter(to_user_id=aya.pk).count() == 1
    with pytest.raises(LeakHeld, match="it is not said where"):
        export_workbook_with_a_name(kenji)
    assert not leaks.has_many(miki)  # another person is told as before


def export_workbook_with_a_name(by):
    make.PartnerFactory(note="a friend of Han Yong-su")
    export_workbook(path=Path("never-written.xlsx"), by=by)


def test_many_hits_in_one_file_call_an_administrator_at_once(kenji, aya, as_user):
    for two in NAMES:
        for one in ("Yong", "Son", "Chol", "Myong", "Kyong"):
            make.ResidentFactory(real_name=f"Han {one}-{two}")
            make.DonationFactory(note=f"a coat for Han {one}-{two}")
    page = refused(as_user(kenji), f"{reverse('donations:list')}?export=csv").split("<table")[0]
    assert "“Note”" not in page
    assert "it is not said where" in page
    assert OutboxMessage.objects.filter(to_user_id=aya.pk).count() == 1


@pytest.mark.parametrize(
    ("model", "path", "kind"),
    [
        (Donation, "note", Kind.FREE),
        (Donation, "donor__name", Kind.NAME),
        (Donation, "channel", Kind.CODE),
        (Movement, "source", Kind.CODE),
        (Movement, "by", Kind.NAME),
        (Movement, "item__get_base_unit_display", Kind.FREE),
        (ChildUpdate, "child__code", Kind.CODE),
        (ChildUpdate, "child__called", Kind.NAME),
        (ChildUpdate, "text", Kind.FREE),
        (AuditEntry, "subject_label", Kind.CODE),
        (AuditEntry, "reason", Kind.FREE),
        (None, "what", Kind.FREE),
    ],
)
def test_what_is_looked_for_follows_from_the_field(model, path, kind):
    assert kind_of(model, path) == kind


# --- the workbook --------------------------------------------------------------------------------------


def test_workbook_is_written_by_codes_and_held_for_a_sealed_value(momo, willow, tmp_path):
    path = tmp_path / "all.xlsx"
    resident = make.ResidentFactory(real_name="Han Yong-su", needs="goes with X-001 to WILLOW")
    assert export_workbook(path=path, by=system_user())["Residents"] == 1
    resident.needs = "calls himself Han Yong-su"
    resident.save()
    with pytest.raises(LeakHeld, match="Residents: Needs"):
        export_workbook(path=tmp_path / "again.xlsx", by=system_user())
    with pytest.raises(CommandError, match="something protected stands in the workbook"):
        call_command("export_workbook", str(tmp_path / "again.xlsx"))
    assert [file.name for file in tmp_path.iterdir()] == ["all.xlsx"]
    assert LeakFinding.objects.get().channel == "workbook"


def import_of(path: Path, sheet: str, row: dict) -> list[str]:
    written(path, {sheet: [list(row), list(row.values())]})
    outcome = import_workbook(path=path, by=system_user(), today=timezone.localdate())
    return [problem.sentence for problem in outcome.problems]


def test_published_update_of_a_workbook_is_looked_through(momo, miki, ren, tmp_path):
    row = {
        "Child": momo.code, "Written": "2026-11-01", "Title": "A bag", "Text": "At Willow.",
        "Author": miki.email, "Cleared by": ren.email, "Published": "2026-11-02", "State": "published",
    }  # fmt: skip
    [sentence] = import_of(tmp_path / "a.xlsx", "Updates", row)
    assert "Something protected stands in the text" in sentence
    assert not ChildUpdate.objects.exists()
    assert import_of(tmp_path / "b.xlsx", "Updates", row | {"Text": "At home."}) == []
    assert ChildUpdate.objects.get().state == "published"


def test_what_sponsors_read_of_a_child_is_looked_through(momo, tmp_path):
    row = {"Code": "C-77", "Name for sponsors": "Aki", "Real name": "Kim Son-hui"}
    likes = "Likes (sponsors read it)"
    [sentence] = import_of(tmp_path / "a.xlsx", "Children", row | {likes: "singing with Kim Son-hui"})
    assert "Something protected stands in the text" in sentence
    assert import_of(tmp_path / "b.xlsx", "Children", row | {likes: "singing"}) == []
    assert Child.objects.filter(code="C-77").exists()


# --- the annual report ---------------------------------------------------------------------------------


@pytest.fixture
def section(aya, maple):
    report = make.AnnualReportFactory(by=aya, drafted_at=timezone.now())
    return make.SectionFactory(report=report, heading="Food", text="All went well.")


def test_report_does_not_leave_with_a_code_or_a_name_in_it(section, aya, as_user):
    client = as_user(aya)
    page = client.post(
        f"/reports/sections/{section.uuid}/",
        {"heading": "Food", "text": "Well.\n\nAt Maple too."},
        follow=True,
    ).content.decode()
    assert "The report cannot leave: something protected stands in it (Food)." in page
    section.refresh_from_db()
    assert section.text == "Well.\n\nAt Maple too."  # kept is kept
    for form in ("json", "md", "html"):
        address = f"/reports/{section.report.uuid}/download/{form}/"
        assert "The report cannot leave" in client.get(address, follow=True).content.decode()
    section.text = "Well."
    section.save()
    assert "attachment" in client.get(f"/reports/{section.report.uuid}/download/md/")["Content-Disposition"]


def test_report_of_the_command_is_looked_through(maple, tmp_path):
    make.ActivityFactory(title="A feast at Maple", starts_on="2026-10-10", is_listed=True)
    with pytest.raises(CommandError, match="Something protected stands in the report"):
        call_command("annual_report", year=2027, output=str(tmp_path / "report.json"))
    assert list(tmp_path.iterdir()) == []
