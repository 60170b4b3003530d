"""Writing news of a child: a second person clears it."""

import io
import re
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from accounts.enums import RoleName
from core.models import AuditEntry, DataKey
from core.services import save_record
from foster import selectors, services
from foster.models import ChildUpdate, UpdatePhoto
from tests import factories as make

FIELDS = {
    "written_on": "2026-11-01",
    "title": "A bag",
    "text": "She likes it.",
    "title_ja": "",
    "text_ja": "",
}


@pytest.fixture
def draft(momo, miki):
    return make.ChildUpdateFactory(child=momo, author=miki)


@pytest.fixture
def waiting(draft, miki):
    return services.send_to_review(by=miki, update=draft)


def publish(update, by):
    seen = services.fingerprint(update)
    return services.publish_update(by=by, update=update, seen=seen, now=timezone.now())


def jpeg(color="red") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[29] = "HIDDEN VALLEY"
    Image.new("RGB", (40, 30), color).save(out, "JPEG", exif=exif)
    assert b"HIDDEN VALLEY" in out.getvalue()
    return out.getvalue()


def state(update):
    return ChildUpdate.objects.get(pk=update.pk).state


# --- the way to publication ------------------------------------------------------------------------------


def test_update_goes_from_draft_over_review_to_published(momo, miki, ren, as_user):
    first, second = as_user(miki), as_user(ren)
    response = first.post(f"/foster/children/{momo.uuid}/write/", FIELDS | {"key": uuid.uuid4()})
    address = response.url
    first.post(f"{address}review/")
    update = ChildUpdate.objects.get()
    assert update.state == "review"
    page = second.get(address)
    second.post(f"{address}publish/", {"seen": page.context["seen"]})
    update.refresh_from_db()
    assert (update.state, update.author, update.cleared_by) == ("published", miki, ren)
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "foster.update_written",
        "foster.update_sent_to_review",
        "foster.update_published",
    ]


def test_trail_never_holds_the_text(waiting, ren):
    publish(waiting, ren)
    trail = str(list(AuditEntry.objects.values()))
    assert "red one" not in trail
    assert "school bag" not in trail


def test_author_is_refused_with_a_sentence(waiting, miki, as_user):
    address = f"/foster/updates/{waiting.uuid}/"
    seen = services.fingerprint(waiting)
    response = as_user(miki).post(f"{address}publish/", {"seen": seen}, follow=True)
    assert "Somebody who wrote none of it and added no photo has to publish it." in response.content.decode()
    assert state(waiting) == "review"


def test_author_is_refused_by_the_database(waiting, miki):
    with pytest.raises(IntegrityError, match="update_cleared_by_a_second_person"), transaction.atomic():
        ChildUpdate.objects.filter(pk=waiting.pk).update(
            state="published", cleared_by=miki, published_at=timezone.now()
        )


def test_who_changes_the_text_becomes_its_author(waiting, miki, ren):
    services.change_update(by=ren, update=waiting, text="Another text.")
    assert state(waiting) == "draft"
    services.send_to_review(by=ren, update=waiting)
    waiting.refresh_from_db()
    assert waiting.author == ren
    with pytest.raises(services.AuthorCannotClear):
        publish(waiting, ren)


# --- who has a part in it does not clear it --------------------------------------------------------------


@pytest.fixture
def sora(db):
    """A third foster officer."""
    return make.UserFactory(name="Sora", role=RoleName.FOSTER_OFFICER)


@pytest.fixture
def written(momo, miki):
    """Miki's draft, written through the app."""
    return services.create_update(
        by=miki, child=momo, key=uuid.uuid4(), written_on=date(2026, 11, 1), title="A bag", text="Red."
    )


def sent(update, by):
    return services.send_to_review(by=by, update=ChildUpdate.objects.get(pk=update.pk))


def add_photo_to(update, by):
    services.add_photo(by=by, update=update, key=uuid.uuid4(), content=jpeg())


def change_text(update, by):
    services.change_update(by=by, update=update, text="Blue.")


def change_in_workbook(update, by):
    save_record(by=by, record=update, action="foster.changed", text="Blue.")


@pytest.mark.parametrize("takes_part", [add_photo_to, change_text, change_in_workbook])
def test_only_a_third_officer_clears_what_two_have_a_part_in(takes_part, written, miki, ren, sora):
    takes_part(written, ren)
    waiting = sent(written, ren)
    assert selectors.contributors(waiting) == {miki.pk, ren.pk}
    for person in (miki, ren):
        with pytest.raises(services.AuthorCannotClear, match="added no photo has to publish it"):
            publish(waiting, person)
    assert state(waiting) == "review"
    assert publish(waiting, sora).cleared_by == sora


def test_adding_a_photo_leaves_the_author(written, miki, ren):
    waiting = sent(written, miki)
    add_photo_to(waiting, ren)
    written.refresh_from_db()
    assert (written.author, written.state) == (miki, "draft")


def test_changing_nothing_of_the_words_takes_no_part(written, miki, ren):
    waiting = sent(written, ren)
    services.change_update(by=ren, update=waiting, text=waiting.text)
    save_record(by=ren, record=waiting, action="foster.changed", written_on=date(2026, 11, 2))
    assert selectors.contributors(waiting) == {miki.pk}
    assert publish(waiting, ren).cleared_by == ren


def test_page_and_today_tell_who_has_a_part_in_it(written, miki, ren, sora, as_user):
    add_photo_to(written, ren)
    waiting = sent(written, ren)
    for person, may in ((miki, False), (ren, False), (sora, True)):
        client = as_user(person)
        page = client.get(f"/foster/updates/{waiting.uuid}/").content.decode()
        assert ("disabled>Clear and publish" in page) is not may
        assert ("added no photo has to publish it" in page) is not may
        assert ("yours: a colleague clears it" in client.get("/foster/").content.decode()) is not may


def test_saving_without_a_change_changes_nothing(waiting, ren):
    services.change_update(by=ren, update=waiting, text=waiting.text)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.author.name) == ("review", "Miki")


def test_text_changed_while_it_was_read_is_not_published(waiting, miki, ren, as_user):
    seen = services.fingerprint(waiting)
    services.change_update(by=miki, update=waiting, text="Now with a place in it.")
    services.send_to_review(by=miki, update=waiting)
    response = as_user(ren).post(f"/foster/updates/{waiting.uuid}/publish/", {"seen": seen}, follow=True)
    assert "Somebody has changed this update meanwhile" in response.content.decode()
    assert state(waiting) == "review"


def test_photo_added_while_it_was_read_is_not_published(waiting, miki, ren):
    seen = services.fingerprint(waiting)
    services.add_photo(by=miki, update=waiting, key=uuid.uuid4(), content=jpeg())
    services.send_to_review(by=miki, update=waiting)
    with pytest.raises(services.MovedOn):
        services.publish_update(by=ren, update=waiting, seen=seen, now=timezone.now())


def test_draft_and_published_cannot_be_published(draft, waiting, ren):
    services.change_update(by=ren, update=waiting, text="x")
    with pytest.raises(services.MovedOn):
        publish(waiting, ren)


def test_published_cannot_be_changed(waiting, ren, miki, as_user):
    publish(waiting, ren)
    response = as_user(miki).post(f"/foster/updates/{waiting.uuid}/", FIELDS, follow=True)
    assert "Somebody has changed this update meanwhile" in response.content.decode()
    with pytest.raises(services.MovedOn):
        services.add_photo(by=miki, update=waiting, key=uuid.uuid4(), content=jpeg())


def test_withdrawing_needs_a_reason_and_is_final(waiting, ren, miki, as_user):
    publish(waiting, ren)
    client, address = as_user(miki), f"/foster/updates/{waiting.uuid}/"
    assert client.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    client.post(f"{address}withdraw/", {"reason": "a sign in the picture"})
    assert state(waiting) == "withdrawn"
    assert AuditEntry.objects.get(action="foster.update_withdrawn").reason == "a sign in the picture"
    with pytest.raises(services.MovedOn):
        services.withdraw_update(by=ren, update=waiting, reason="again")


def test_same_form_twice_is_one_draft(momo, miki, as_user):
    client, body = as_user(miki), FIELDS | {"key": uuid.uuid4()}
    answers = [client.post(f"/foster/children/{momo.uuid}/write/", body).url for _ in range(2)]
    assert answers[0] == answers[1]
    assert ChildUpdate.objects.count() == 1


def test_anothers_key_opens_nothing(draft, taro, ren, as_user):
    body = FIELDS | {"key": draft.uuid}
    assert as_user(ren).post(f"/foster/children/{taro.uuid}/write/", body).status_code == 403


def test_form_without_text_says_so(momo, miki, as_user):
    body = FIELDS | {"key": uuid.uuid4(), "text": ""}
    response = as_user(miki).post(f"/foster/children/{momo.uuid}/write/", body)
    assert response.status_code == 422
    assert "This field is required" in response.content.decode()
    assert not ChildUpdate.objects.exists()


# --- photos ----------------------------------------------------------------------------------------------


def upload(client, update, content, **more):
    file = SimpleUploadedFile("IMG_GPS.jpg", content, content_type="image/jpeg")
    return client.post(f"/foster/updates/{update.uuid}/photos/", {"key": uuid.uuid4(), "photo": file} | more)


def test_photo_comes_out_without_its_place(draft, miki, as_user):
    client = as_user(miki)
    assert upload(client, draft, jpeg(), caption="A bag").status_code == 302
    page = client.get(f"/foster/updates/{draft.uuid}/").content.decode()
    response = client.get(re.search(r'src="([^"]*/photos/[^"]*)"', page)[1])
    assert b"HIDDEN VALLEY" not in response.content
    assert not Image.open(io.BytesIO(response.content)).getexif()
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_photo_is_sealed_with_the_childs_key(draft, momo, miki):
    services.add_photo(by=miki, update=draft, key=uuid.uuid4(), content=jpeg())
    photo = UpdatePhoto.objects.get()
    assert str(photo.image) == "[sealed]"
    DataKey.objects.filter(owner=momo.uuid).delete()
    with pytest.raises(Exception, match="key is missing"):
        services.open_photo(by=miki, photo=photo)


def test_file_that_is_no_photo_gets_a_sentence(draft, miki, as_user):
    response = upload(as_user(miki), draft, b"not a photo")
    assert response.status_code == 422
    assert "This file is not a photo that can be read" in response.content.decode()
    assert not UpdatePhoto.objects.exists()


def test_file_above_the_limit_gets_a_sentence(draft, miki, as_user):
    response = upload(as_user(miki), draft, jpeg() + bytes(15 * 2**20))
    assert response.status_code == 422
    assert "at most 15 MB" in response.content.decode()


def test_eleventh_photo_is_refused(draft, miki, as_user):
    for _ in range(10):
        make.UpdatePhotoFactory(update=draft)
    response = upload(as_user(miki), draft, jpeg())
    assert "ten photos at most" in response.content.decode()


def test_same_photo_form_twice_is_one_photo(draft, miki, as_user):
    key = uuid.uuid4()
    for _ in range(2):
        upload(as_user(miki), draft, jpeg(), key=key)
    assert UpdatePhoto.objects.count() == 1


def test_photo_can_be_taken_out_of_a_draft_alone(draft, miki, ren, as_user):
    services.add_photo(by=miki, update=draft, key=uuid.uuid4(), content=jpeg())
    services.add_photo(by=miki, update=draft, key=uuid.uuid4(), content=jpeg("blue"))
    first, second = UpdatePhoto.objects.order_by("position")
    as_user(miki).post(f"/foster/photos/{first.uuid}/remove/")
    assert UpdatePhoto.objects.get() == second
    publish(services.send_to_review(by=miki, update=draft), ren)
    response = as_user(miki).post(f"/foster/photos/{second.uuid}/remove/", follow=True)
    assert "Somebody has changed this update meanwhile" in response.content.decode()
    assert UpdatePhoto.objects.exists()
