import copy
import json
import pickle
import uuid

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.template import Context, Template

from core import sealed
from core.models import DataKey
from shelters.models import Resident, Shelter
from tests.factories import ResidentFactory

ADDRESS = "14 Plum Lane, behind the mill"


@pytest.fixture
def hideout(willow):
    willow.address = ADDRESS
    willow.save()
    return Shelter.objects.get(pk=willow.pk)


def test_sealed_value_shows_nothing_before_and_after_saving(willow):
    willow.address = ADDRESS
    for shelter in (willow, Shelter.objects.get(pk=willow.pk)):
        shown = f"{shelter.address} {shelter.address!r} {str(shelter.address)} {[shelter.address]}"
        shown += Template("{{ s.address }}").render(Context({"s": shelter}))
        assert "Plum" not in shown
        assert "[sealed]" in shown


def test_database_holds_ciphertext_of_one_size(hideout, maple):
    maple.address = "X"
    maple.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM shelters_shelter ORDER BY code")
        stored = [bytes(row[0]) for row in cursor.fetchall()]
    assert all(b"Plum" not in value for value in stored)
    assert len({len(value) for value in stored}) == 1


def test_sealed_value_refuses_to_travel(hideout):
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(hideout.address)
    with pytest.raises(TypeError):
        json.dumps({"address": hideout.address}, cls=DjangoJSONEncoder)
    with pytest.raises(TypeError, match="cannot be dumped"):
        Shelter._meta.get_field("address").value_to_string(hideout)
    assert copy.deepcopy(hideout.address) is hideout.address


def test_a_value_of_another_record_is_refused(hideout, maple):
    """It would be stored, and open for nobody."""
    with pytest.raises(TypeError, match="would never open here. Assign the text itself"):
        maple.address = hideout.address
    with pytest.raises(TypeError, match="would never open here"):
        Shelter(code="OAK", address=hideout.address)
    with pytest.raises(TypeError, match="would never open here"):
        hideout.contact = hideout.address


def test_a_value_that_is_not_saved_yet_is_one_records_too(willow, maple):
    willow.address = ADDRESS
    with pytest.raises(TypeError, match="would never open here"):
        maple.address = willow.address


def test_a_copy_of_a_record_does_not_carry_its_values_along(hideout):
    hideout.pk, hideout.uuid, hideout.code = None, uuid.uuid4(), "OAK"
    with pytest.raises(TypeError, match="would never open here"):
        hideout.save()


def test_a_value_of_the_same_record_read_elsewhere_is_its_own(hideout):
    """As Django assigns it: read again, with and without the rest of the row, and cleaned."""
    for read in (Shelter.objects.all(), Shelter.objects.only("address"), Shelter.objects.defer("uuid")):
        hideout.address = read.get(pk=hideout.pk).address
    hideout.refresh_from_db(fields=["address"])
    hideout.full_clean()
    hideout.save()
    assert sealed.open_value(Shelter.objects.get(pk=hideout.pk), "address") == ADDRESS.encode()


def test_sealed_column_can_only_be_asked_whether_it_is_empty(hideout):
    with pytest.raises(TypeError, match="only be asked whether it is empty"):
        Shelter.objects.filter(address=ADDRESS).exists()
    with pytest.raises(TypeError, match="only be asked whether it is empty"):
        Shelter.objects.filter(address__contains=b"Plum").exists()
    assert Shelter.objects.filter(address__isnull=False).exists()


def test_update_in_bulk_with_plain_text_is_refused(hideout):
    with pytest.raises(TypeError, match="assign it to a record"):
        Shelter.objects.update(address=ADDRESS)


def test_bulk_create_seals(db):
    Resident.objects.bulk_create([Resident(code="X-9", real_name="Secret Name")])
    assert sealed.open_value(Resident.objects.get(code="X-9"), "real_name") == b"Secret Name"


def test_value_copied_to_another_row_or_column_does_not_open(hideout, maple):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shelters_shelter SET address = "
            "(SELECT address FROM shelters_shelter WHERE code = 'WILLOW') WHERE code = 'MAPLE'"
        )
        cursor.execute("UPDATE shelters_shelter SET contact = address WHERE code = 'WILLOW'")
    with pytest.raises(sealed.CannotOpen):
        sealed.open_value(Shelter.objects.get(code="MAPLE"), "address")
    with pytest.raises(sealed.CannotOpen):
        sealed.open_value(Shelter.objects.get(code="WILLOW"), "contact")
    assert sealed.open_value(Shelter.objects.get(code="WILLOW"), "address") == ADDRESS.encode()


def test_tampered_ciphertext_does_not_open(hideout):
    value = bytearray(hideout.address._ciphertext)
    value[-1] ^= 1
    hideout.address._ciphertext = bytes(value)
    with pytest.raises(sealed.CannotOpen):
        sealed.open_value(hideout, "address")


def test_forgetting_the_key_forgets_the_person(willow):
    resident = ResidentFactory(real_name="Secret Name")
    DataKey.objects.filter(subject=resident.uuid).delete()
    with pytest.raises(sealed.CannotOpen):
        sealed.open_value(Resident.objects.get(pk=resident.pk), "real_name")
