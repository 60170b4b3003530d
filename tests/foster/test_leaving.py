"""What must not reach a sponsor holds an update back until somebody who may see it has settled it."""

import pytest
from django.utils import timezone

from accounts.services import OwnText, settle_finding
from core import leaks
from core.enums import FindingState
from core.models import AuditEntry, DataKey, LeakFinding, OutboxMessage
from foster import services
from foster.models import ChildUpdate
from tests import factories as make


@pytest.fixture
def draft(momo, miki):
    return make.ChildUpdateFactory(child=momo, author=miki, title="A bag", text="She likes it.")


@pytest.fixture
def send(draft, miki):
    """`send(text="…")`: Miki's update with these words, sent to review."""

    def to_review(**words) -> ChildUpdate:
        ChildUpdate.objects.filter(pk=draft.pk).update(**words)
        return services.send_to_review(by=miki, update=ChildUpdate.objects.get(pk=draft.pk))

    return to_review


def publish(update, by):
    seen = services.fingerprint(update)
    return services.publish_update(by=by, update=update, seen=seen, now=timezone.now())


def address(update, step=""):
    return f"/foster/updates/{update.uuid}/{step}"


def press_publish(client, update):
    seen = client.get(address(update)).context["seen"]
    return client.post(address(update, "publish/"), {"seen": seen}, follow=True).content.decode()


def state(update):
    return ChildUpdate.objects.get(pk=update.pk).state


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("text", "Dear C-01 is well.", "the child&#x27;s code"),
        ("title", "From c 01", "the child&#x27;s code"),
        ("text", "In our house Willow it snows.", "the code name of a shelter"),
        ("text_ja", "ＷＩＬＬＯＷの家", "the code name of a shelter"),
        ("text", "Little KIM sŏn  hui sings.", "real name or family"),
        ("text", "Seon-hui sings.", "real name or family"),
        ("title_ja", "キムソンヒです", "real name or family"),
        ("text", "Her uncle Pak Chol-su writes.", "real name or family"),
    ],
)
def test_what_must_not_go_out_stops_the_publication(field, text, sentence, send, momo, ren, as_user):
    momo.real_name, momo.spellings = "Kim Sŏn-hui", "キム ソンヒ\n김선희"
    momo.family = "uncle Pak Chol-su, ill"
    momo.save()
    waiting = send(**{field: text})
    assert sentence in as_user(ren).get(address(waiting)).content.decode()
    page = press_publish(as_user(ren), waiting)
    assert "This cannot be published as it is" in page
    assert sentence in page
    with pytest.raises(services.NotSafe, match=sentence.replace("&#x27;", "'")):
        publish(waiting, ren)
    assert state(waiting) == "review"


def test_who_may_not_see_a_value_is_not_told_what_it_is(send, momo, miki, ren, as_user):
    """Else a guess would be confirmed: officers see no resident."""
    make.StayFactory(resident=make.ResidentFactory(real_name="Han Yong-su"), shelter=momo.shelter)
    waiting = send(text="A fine day.\n\nUncle Han Yong-su came, and Yong-su laughed.")
    for person in (miki, ren):
        page = as_user(person).get(address(waiting)).content.decode()
        assert "Something protected stands in the text (text, paragraph 2)." in page
        assert "name" not in page.split("cannot be published as it is")[1].split("</div>")[0]
        assert "Look at what was found" not in page


def test_given_name_of_a_housemate_is_held_and_of_a_stranger_not(send, draft, miki, momo, maple):
    for shelter, name in ((momo.shelter, "Han Yong-su"), (maple, "Pak Chol-ho")):
        make.StayFactory(resident=make.ResidentFactory(real_name=name), shelter=shelter)
    send(text="Chol-ho is a name like another.")
    assert not LeakFinding.objects.exists()
    services.change_update(by=miki, update=draft, text="A fine day.")
    send(text="Yong-su is not.")
    assert LeakFinding.objects.get().level == "possible"


def test_caption_is_looked_through_too(draft, miki):
    make.UpdatePhotoFactory(update=draft, caption="At Willow")
    services.send_to_review(by=miki, update=draft)
    assert LeakFinding.objects.get().text_label == "caption"


def test_harmless_text_passes(draft, momo, miki, ren):
    momo.real_name, momo.family = "Kim Son-hui", "ill, 2 km, mother"
    momo.save()
    ChildUpdate.objects.filter(pk=draft.pk).update(text="Momo and her mother walked two km.")
    waiting = services.send_to_review(by=miki, update=ChildUpdate.objects.get())
    assert publish(waiting, ren).state == "published"
    assert not LeakFinding.objects.exists()


def test_text_that_cannot_be_checked_goes_no_step_further(send, momo, ren, as_user):
    waiting = send()
    DataKey.objects.filter(owner=momo.uuid).delete()
    page = press_publish(as_user(ren), waiting)
    assert "so the text cannot be checked, and unchecked nothing leaves" in page
    assert state(waiting) == "review"


def test_second_person_settles_it_and_it_is_published(send, miki, ren, as_user, momos_sponsor, yuki):
    waiting = send(text="A willow grows in the yard.")
    finding = LeakFinding.objects.get()
    client = as_user(ren)
    assert "Look at what was found" in client.get(address(waiting)).content.decode()
    with pytest.raises(OwnText):
        settle_finding(by=miki, finding=finding, state=FindingState.NO_LEAK, reason="a tree")
    body = {"state": "no_leak", "reason": "a tree"}
    client.post(f"/accounts/leaks/{finding.uuid}/settle/", body)
    assert "Published." in press_publish(client, waiting)
    assert b"A willow grows" in as_user(yuki).get(f"/foster/mine/news/{waiting.uuid}/").content


def test_what_was_settled_holds_for_this_very_text_alone(send, draft, miki, ren):
    send(text="A willow grows in the yard.")
    settle_finding(by=ren, finding=LeakFinding.objects.get(), state=FindingState.NO_LEAK, reason="a tree")
    services.change_update(by=miki, update=draft, text="We are at Willow. A willow grows in the yard.")
    again = services.send_to_review(by=miki, update=ChildUpdate.objects.get())
    assert LeakFinding.objects.filter(state=FindingState.OPEN).count() == 1
    with pytest.raises(services.NotSafe):
        publish(again, ren)


def test_what_has_to_come_out_goes_back_to_its_author(send, ren, miki, as_user):
    waiting = send(text="We are at Willow.")
    settle_finding(by=ren, finding=LeakFinding.objects.get(), state=FindingState.TAKE_OUT, reason="place")
    assert state(waiting) == "draft"
    assert AuditEntry.objects.filter(action="foster.update_sent_back", by_id=ren.pk).exists()
    waiting = services.send_to_review(by=miki, update=waiting)  # without a change
    assert "code name of a shelter" in as_user(miki).get(address(waiting)).content.decode()
    with pytest.raises(services.NotSafe):
        publish(waiting, ren)


def test_findings_of_words_that_are_gone_wait_for_nobody(send, draft, miki):
    send(text="We are at Willow.")
    services.change_update(by=miki, update=draft, text="We are at home.")
    assert LeakFinding.objects.get().state == FindingState.OVERTAKEN
    services.change_update(by=miki, update=draft, text="We are at Willow.")
    services.send_to_review(by=miki, update=ChildUpdate.objects.get())
    assert LeakFinding.objects.get().state == FindingState.OPEN


def test_name_written_down_after_the_review_holds_it_back(send, ren):
    """What was harmless when it was sent is looked through again at the moment of leaving."""
    waiting = send(text="Han Yong-su drew a house.")
    make.ResidentFactory(real_name="Han Yong-su")
    with pytest.raises(services.NotSafe):
        publish(waiting, ren)


def test_without_the_check_before_nothing_is_kept_of_a_refusal_and_nothing_leaves(send, ren, maple):
    """`publish_update` looks for itself: who forgets to ask first gets a refusal, not a leak."""
    waiting = send()
    ChildUpdate.objects.filter(pk=waiting.pk).update(text="We are at Maple.")
    with pytest.raises(services.NotSafe):
        publish(ChildUpdate.objects.get(), ren)
    assert not LeakFinding.objects.exists()


def test_guard_is_read_once_for_check_and_publication(send, ren, as_user, django_assert_max_num_queries):
    waiting = send()
    client = as_user(ren)
    seen = client.get(address(waiting)).context["seen"]
    with django_assert_max_num_queries(76) as counted:
        client.post(address(waiting, "publish/"), {"seen": seen})
    keys = [query for query in counted if "core_datakey" in query["sql"]]
    assert len(keys) == 1


def test_many_findings_call_the_administrators(draft, miki, aya, maple, as_user):
    texts = [f"Maple {number}" for number in range(leaks.MANY_AN_HOUR + 2)]
    for text in texts:
        services.change_update(by=miki, update=ChildUpdate.objects.get(), text=text)
        services.send_to_review(by=miki, update=ChildUpdate.objects.get())
    entry = AuditEntry.objects.get(action="accounts.many_findings")
    assert (entry.by_id, entry.subject_uuid) == (miki.pk, miki.uuid)
    message = OutboxMessage.objects.get(to_user_id=aya.pk)
    assert "Miki" not in message.body
    assert "Maple" not in message.body
    page = as_user(miki).get(address(draft)).content.decode()
    assert "it is not said where" in page
    assert "code name of a shelter" not in page


def test_few_findings_say_where(draft, miki, maple, as_user):
    services.change_update(by=miki, update=draft, text="We are at Maple.")
    services.send_to_review(by=miki, update=ChildUpdate.objects.get())
    page = as_user(miki).get(address(draft)).content.decode()
    assert "it is not said where" not in page
    assert "code name of a shelter" in page
