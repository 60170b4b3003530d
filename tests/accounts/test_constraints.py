"""Each rule about people, broken past the services: the database itself refuses."""

import pytest
from django.db import IntegrityError

from accounts.enums import RoleName
from tests.factories import RevealEntryFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_user_one_per_email():
    UserFactory(email="hana@example.org")
    with pytest.raises(IntegrityError, match="user_one_per_email"):
        UserFactory(email="Hana@Example.org")


def test_user_nobody_logs_in_as_the_system():
    UserFactory(role=RoleName.SYSTEM, is_active=False)
    with pytest.raises(IntegrityError, match="user_nobody_logs_in_as_the_system"):
        UserFactory(role=RoleName.SYSTEM, is_active=True)


def test_reveal_has_a_purpose():
    with pytest.raises(IntegrityError, match="reveal_has_a_purpose"):
        RevealEntryFactory(purpose="")
