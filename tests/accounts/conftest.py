import pytest

from tests import factories


@pytest.fixture
def one_is_enough(settings):
    """The second person for addresses is switched off."""
    settings.REVEAL_NEEDS_TWO = False


@pytest.fixture
def nari(db, willow):
    """A second worker at Willow."""
    person = factories.UserFactory(name="Nari")
    factories.PostingFactory(user=person, shelter=willow)
    return person


@pytest.fixture
def bo(db):
    """A second administrator."""
    return factories.UserFactory(name="Bo", role="administrator")
