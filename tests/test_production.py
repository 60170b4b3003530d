import pytest
from django.core.exceptions import ImproperlyConfigured

from lfnkr.production import refuse_unsafe_production

SECRET = "k8-" * 20


@pytest.fixture
def safe():
    return {
        "debug": False,
        "sample": False,
        "secret_key": SECRET,
        "sealing_key_file": "/run/secrets/sealing_key",
        "email_url": "smtp://mail",
    }


def test_safe_installation_starts(safe):
    refuse_unsafe_production(**safe)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"debug": True}, "DEBUG is on"),
        ({"secret_key": ""}, "SECRET_KEY is missing"),
        ({"secret_key": "short"}, "too short"),
        ({"secret_key": "change-me" * 10}, "sample"),
        ({"sealing_key_file": ""}, "SEALING_KEY_FILE is missing"),
        ({"email_url": ""}, "EMAIL_URL is missing"),
    ],
)
def test_unsafe_installation_does_not_start(safe, fault, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        refuse_unsafe_production(**safe | fault)


def test_every_fault_is_named_at_once(safe):
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe_production(**safe | {"debug": True, "email_url": ""})
    assert "DEBUG" in str(refusal.value)
    assert "EMAIL_URL" in str(refusal.value)


def test_sample_needs_no_mail_server_but_its_keys(safe):
    refuse_unsafe_production(**safe | {"sample": True, "email_url": "", "secret_key": "s"})
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEY_FILE"):
        refuse_unsafe_production(**safe | {"sample": True, "sealing_key_file": ""})
