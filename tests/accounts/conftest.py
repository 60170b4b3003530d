import pytest
from django.utils import timezone


@pytest.fixture
def still(time_machine):
    """The clock stands: a code that is read and typed is of the same half minute."""
    time_machine.move_to(timezone.now(), tick=False)
