"""Every text of the house is in every language of it: nothing missing, doubtful or out of date."""

import pytest
from django.conf import settings

from core import catalogues


@pytest.mark.parametrize("language", catalogues.languages())
def test_catalogue_is_complete_and_up_to_date(language):
    assert catalogues.problems(language, settings.BASE_DIR) == []
