"""Choices written without their records say what the records say."""

import pytest
from django.utils import translation

from supply.models import Item, Place
from supply.tables.choices import ItemFilter, PlaceFilter
from tests import factories as f


@pytest.mark.parametrize("language", ["en", "ja"])
def test_choices_are_labelled_as_their_records(language, db):
    f.ItemFactory(name="Rice", name_ja="米")
    f.ItemFactory(name="Beans", name_ja="")
    f.PlaceFactory()
    with translation.override(language):
        for kind, filter_of in ((Item, ItemFilter()), (Place, PlaceFilter(queryset=Place.objects.all()))):
            choices = [(key, label) for key, label in filter_of.field.choices if key != ""]
            assert choices == [(one.pk, str(one)) for one in kind.objects.all()]
            assert choices
