"""Test 12: what is planted in a text that leaves is found, and stays until somebody has settled it.

500 planted values, exact and as people write them, in updates, mails, the annual report, an export and the
workbook; 5,000 clean texts in four languages. Control: with the guard off, everything leaves.
"""

import html
import json
import random
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from accounts.selectors import system_user
from core import leaks, outbox
from core.enums import Channel, FindingState, MessageState
from core.leaks.index import Index
from core.models import LeakFinding, OutboxMessage
from core.tasks import send_outbox
from core.workbook.exporting import LeakHeld, export_workbook
from foster import services
from foster.models import ChildUpdate
from tests import factories as make
from tests.proof import scale
from tests.proof.names import Plant, invented_names, plants

HERE = Path(__file__).parent
SAMPLE_UPDATES = HERE.parents[1] / "scripts" / "samples" / "demo" / "updates.toml"
PLANTED, CLEAN, VALUES = scale.of(500, 70), scale.of(5000, 300), scale.of(5000, 200)
FOUND, FALSE_ALARMS = 0.99, 0.01


def clean_sentences() -> dict[str, list[str]]:
    return tomllib.loads((HERE / "clean_sentences.toml").read_text())


def sample_texts() -> list[str]:
    updates = tomllib.loads(SAMPLE_UPDATES.read_text())["update"]
    return [
        update[name]
        for update in updates
        for name in ("title", "text", "title_ja", "text_ja")
        if name in update
    ]


def sealed(plant: Plant) -> UUID:
    """The record that holds the planted value."""
    if plant.kind == "address":
        return make.ShelterFactory(address=plant.kept).uuid
    if plant.kind == "code":
        return make.ResidentFactory(code=plant.kept, real_name="").uuid
    return make.ResidentFactory(real_name=plant.kept, spellings=plant.spellings).uuid


def channel_of(plant: Plant, number: int) -> Channel:
    channel = list(Channel)[number % len(Channel)]
    # The workbook is the registers themselves, by code.
    is_own_key = channel == Channel.WORKBOOK and plant.kind == "code"
    return Channel.MAIL if is_own_key else channel


@pytest.fixture
def planted(db) -> dict[Channel, list[tuple[Plant, UUID, str]]]:
    """Channel → (plant, record, text with it)."""
    chance = random.Random(12)
    languages = list(clean_sentences().values())
    found = defaultdict(list)
    for number, plant in enumerate(plants(PLANTED, chance)):
        before, after = chance.sample(chance.choice(languages), 2)
        text = f"{before} {plant.written} {after}"
        found[channel_of(plant, number // 7)].append((plant, sealed(plant), text))
    return found


class Ways:
    """Every way out, tried with these texts; `left` counts what really got out."""

    def __init__(self, as_user: Any, request: Any, tmp_path: Path) -> None:
        self.as_user, self.get, self.path = as_user, request.getfixturevalue, tmp_path / "all.xlsx"
        self.left: dict[Channel, int] = {}

    def try_all(self, texts: dict[Channel, list[str]]) -> None:
        with leaks.guarding():
            for channel, some in texts.items():
                self.left[channel] = getattr(self, f"_{channel.value}")(some)

    def _update(self, texts: list[str]) -> int:
        child, author, second = self.get("momo"), self.get("miki"), self.get("ren")
        for text in texts:
            draft = make.ChildUpdateFactory(child=child, author=author, text=text)
            waiting = services.send_to_review(by=author, update=draft)
            services.check_update(by=second, update=waiting)
            seen = services.fingerprint(waiting)
            try:
                services.publish_update(by=second, update=waiting, seen=seen, now=timezone.now())
            except services.NotSafe:
                continue
        return ChildUpdate.objects.filter(state="published").count()

    def _mail(self, texts: list[str]) -> int:
        for number, text in enumerate(texts):
            post = {"key": f"m-{number}", "kind": "news", "to_address": "yuki@example.org", "language": "en"}
            outbox.post(**post, subject="News", body=text)
        send_outbox()
        return len(mail.outbox)

    def _report(self, texts: list[str]) -> int:
        report = make.AnnualReportFactory(by=self.get("aya"), drafted_at=timezone.now())
        for position, text in enumerate(texts, start=1):
            make.SectionFactory(report=report, position=position, heading="What happened", text=text)
        client = self.as_user(self.get("aya"))
        answers = [client.get(f"/reports/{report.uuid}/download/{form}/") for form in ("json", "md", "html")]
        told = "".join(answer.content.decode() for answer in answers)
        written = {text: {text, html.escape(text), json.dumps(text)[1:-1]} for text in texts}
        return sum(any(form in told for form in forms) for forms in written.values())

    def _export(self, texts: list[str]) -> int:
        for text in texts:
            make.DonationFactory(note=text)
        client = self.as_user(self.get("kenji"))
        answers = [client.get(f"/donations/register/?export={form}") for form in ("csv", "xlsx")]
        gone = [answer for answer in answers if "attachment" in answer.get("Content-Disposition", "")]
        return len(texts) if gone else 0

    def _workbook(self, texts: list[str]) -> int:
        for text in texts:
            make.PartnerFactory(note=text)
        try:
            export_workbook(path=self.path, by=system_user())
        except LeakHeld:
            return len(texts) if self.path.exists() else 0
        return len(texts)


@pytest.fixture
def ways(as_user, request, tmp_path, settings) -> Ways:
    settings.EMAIL_URL = "smtp://there"
    return Ways(as_user, request, tmp_path)


def texts_of(planted: dict[Channel, list[tuple[Plant, UUID, str]]]) -> dict[Channel, list[str]]:
    return {channel: [text for _plant, _record, text in some] for channel, some in planted.items()}


def missed(planted: dict[Channel, list[tuple[Plant, UUID, str]]]) -> list[str]:
    found = set(LeakFinding.objects.values_list("channel", "subject_uuid"))
    return [
        f"{channel}: {plant.kind} {plant.way}: {plant.written!r}"
        for channel, some in planted.items()
        for plant, record, _text in some
        if (channel, record) not in found
    ]


def test_what_is_planted_is_found_and_nothing_of_it_leaves(planted, ways, tally):
    ways.try_all(texts_of(planted))
    lost = missed(planted)
    tally(
        f"test 12: {PLANTED} planted in {len(planted)} channels, {PLANTED - len(lost)} found, "
        f"{sum(ways.left.values()) - len(lost)} of these left unsettled"
    )
    assert len(lost) <= PLANTED * (1 - FOUND), lost
    # What was found never leaves by itself; what was not found counts above.
    assert {channel: ways.left[channel] for channel in Channel} == {
        channel: sum(line.startswith(f"{channel}:") for line in lost) for channel in Channel
    }


def test_what_is_settled_as_no_leak_leaves_and_nothing_else(planted, ways, ren):
    some = {Channel.MAIL: texts_of(planted)[Channel.MAIL]}
    ways.try_all(some)
    before = len(mail.outbox)
    finding = LeakFinding.objects.filter(channel=Channel.MAIL).first()
    for one in LeakFinding.objects.filter(text_uuid=finding.text_uuid):
        leaks.settle(by=ren, finding=one, state=FindingState.NO_LEAK, reason="somebody else")
    send_outbox()
    assert len(mail.outbox) == before + 1
    assert OutboxMessage.objects.get(uuid=finding.text_uuid).state == MessageState.SENT


def test_control_with_the_guard_off_everything_leaves(planted, ways, monkeypatch, tally):
    monkeypatch.setattr("core.leaks.guard.build_index", lambda: Index([]))
    ways.try_all(texts_of(planted))
    tally(f"test 12: control, guard off: {sum(ways.left.values())} of {PLANTED} left")
    assert ways.left == {channel: len(some) for channel, some in planted.items()}
    assert not LeakFinding.objects.exists()


def test_clean_texts_raise_few_false_alarms(db, willow, maple, tally):
    chance = random.Random(21)
    for name in invented_names(VALUES, chance):
        make.ResidentFactory(real_name=name)
    for number in range(VALUES // 20):  # places, couriers and the codes of both are looked for as well
        make.ShelterFactory(
            address=f"{number + 11} Secret Lane, Hiddenham {number}", contact=f"0{number:05}77"
        )
        make.RouteFactory(couriers=invented_names(4, chance)[number % 4])
    languages = list(clean_sentences().values())
    texts = [" ".join(chance.sample(chance.choice(languages), 3)) for _ in range(CLEAN)] + sample_texts()
    alarms = []
    with leaks.guarding():
        for text in texts:
            outgoing = leaks.Outgoing(Channel.UPDATE, [leaks.Piece(text)], "foster.childupdate")
            if not leaks.look(by=None, outgoing=outgoing).may_leave:
                alarms.append(text)
    sentences = sum(map(len, languages))
    tally(
        f"test 12: {len(texts)} clean texts of {sentences} sentences, three at a time, against {VALUES} "
        f"names and {VALUES // 20} shelters and routes: {len(alarms)} false alarms"
    )
    assert len(alarms) <= len(texts) * FALSE_ALARMS, alarms[:5]


def test_control_one_name_among_clean_texts_is_an_alarm(db):
    make.ResidentFactory(real_name="Kim Son-hui")
    for text, is_held in ((sample_texts()[0], False), (f"{sample_texts()[0]} Kim Son-hui.", True)):
        outgoing = leaks.Outgoing(Channel.UPDATE, [leaks.Piece(text)], "foster.childupdate")
        assert leaks.look(by=None, outgoing=outgoing).may_leave is not is_held
