from core import addresses
from tests import factories
from tests.access import Row

OFFICER = {"foster_officer"}
SPONSOR = {"sponsor"}


def update_of(get, child, **values):
    get("momos_sponsor")
    return factories.ChildUpdateFactory(child=get(child), **values)


def momos_published(get):
    return {"uuid": update_of(get, "momo", published=True).uuid}


def taros_published(get):
    return {"uuid": update_of(get, "taro", published=True).uuid}


def draft(get):
    return {"uuid": update_of(get, "momo").uuid}


def photo_of(get, child, reader, **values):
    uuid = factories.UpdatePhotoFactory(update=update_of(get, child, **values)).uuid
    return {"uuid": uuid, "key": addresses.key_for(reader=get(reader), thing=uuid)}


def momos_photo(get):
    return photo_of(get, "momo", "yuki", published=True)


def taros_photo(get):
    return photo_of(get, "taro", "yuki", published=True)


def draft_photo(get):
    return photo_of(get, "momo", "miki")


def removed_photo(get):
    return {"uuid": draft_photo(get)["uuid"]}


def momo(get):
    return {"uuid": get("momo").uuid}


def taro(get):
    return {"uuid": get("taro").uuid}


def sponsor(get):
    return {"uuid": get("momos_sponsor").uuid}


def no_address(get):
    get("momos_sponsor")
    return {}


def run(get):
    from foster.services import begin_run

    miki, today = get("miki"), get("today")
    return {"uuid": begin_run(by=miki, month=today.replace(day=1), today=today).uuid}


ROWS: list[Row] = [
    Row("foster:portal", SPONSOR),
    Row("foster:update", SPONSOR, momos_published, foreign=taros_published, not_theirs=SPONSOR),
    Row("foster:photo", SPONSOR, momos_photo, foreign=taros_photo, not_theirs=SPONSOR),
    Row("foster:payments", SPONSOR),
    Row("foster:choose_reminders", SPONSOR, no_address, post={"wanted": "no"}),
    Row("foster:start", OFFICER),
    Row("foster:children", OFFICER),
    Row("foster:child", OFFICER, momo),
    Row("foster:move_child", OFFICER, momo),
    Row("foster:near", {"field_staff"}),
    Row("foster:reveal_child", OFFICER | {"field_staff"}, momo, foreign=taro, not_theirs={"field_staff"}),
    Row("foster:write_update", OFFICER, momo),
    Row("foster:sponsors", OFFICER),
    Row("foster:sponsor", OFFICER, sponsor),
    Row("foster:updates", OFFICER),
    Row("foster:edit_update", OFFICER, draft),
    Row("foster:add_photo", OFFICER, draft, post={}),
    Row("foster:send_update", OFFICER, draft, post={}),
    Row("foster:publish_update", OFFICER, draft, post={}),
    Row("foster:withdraw_update", OFFICER, draft, post={"reason": "a test"}),
    Row("foster:draft_photo", OFFICER, draft_photo),
    Row("foster:remove_photo", OFFICER, removed_photo, post={}),
    Row("foster:reminders", OFFICER),
    Row("foster:reminder_run", OFFICER, run),
]
