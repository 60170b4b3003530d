"""Each rule about people, broken past the services: the database itself refuses."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils import timezone

from accounts.enums import RoleName
from tests.factories import (
    DeviceFactory,
    LogInLinkFactory,
    MailRequestFactory,
    RevealEntryFactory,
    UserFactory,
)

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


def test_user_sponsor_has_no_password():
    user = UserFactory(role=RoleName.SPONSOR)
    with pytest.raises(IntegrityError, match="user_sponsor_has_no_password"):
        type(user).objects.filter(pk=user.pk).update(password=make_password("a password"))


def test_a_person_with_a_password_does_not_become_a_sponsor_by_the_way():
    user = UserFactory(role=RoleName.AUDITOR)
    with pytest.raises(IntegrityError, match="user_sponsor_has_no_password"):
        type(user).objects.filter(pk=user.pk).update(role=RoleName.SPONSOR)


def test_device_one_per_session():
    device = DeviceFactory()
    with pytest.raises(IntegrityError, match="device_one_per_session"):
        DeviceFactory(session_key=device.session_key)


def test_device_is_seen_after_it_began():
    with pytest.raises(IntegrityError, match="device_is_seen_after_it_began"):
        DeviceFactory(seen_at=timezone.now() - timedelta(minutes=1))


def test_mail_request_one_per_address():
    MailRequestFactory(address="a")
    with pytest.raises(IntegrityError, match="mail_request_one_per_address"):
        MailRequestFactory(address="a")


def test_link_one_per_token():
    LogInLinkFactory(digest="a")
    with pytest.raises(IntegrityError, match="link_one_per_token"):
        LogInLinkFactory(digest="a")


def test_link_expires_after_it_was_made():
    with pytest.raises(IntegrityError, match="link_expires_after_it_was_made"):
        LogInLinkFactory(expires_at=timezone.now() - timedelta(minutes=1))


def test_link_is_used_before_it_expires():
    with pytest.raises(IntegrityError, match="link_is_used_before_it_expires"):
        LogInLinkFactory(used_at=timezone.now() + timedelta(minutes=16))
