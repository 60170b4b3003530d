"""Test 24, third part: Django's own check of a deployed installation has nothing to say."""

import os
import re
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

from scripts.rules.source import ROOT


@pytest.fixture
def check_deploy(tmp_path):
    """`check_deploy(NAME="value")`: what Django's check says of a production with these settings."""
    key = tmp_path / "sealing.key"
    key.write_text("x")
    production = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SEALING_KEY_FILE": str(key),
        "EMAIL_URL": "smtp://mail",
        "ALLOWED_HOSTS": "lfnkr.example",
        "SITE_URL": "https://lfnkr.example",
        "DATABASE_URL": "postgres://lfnkr_app:x@db.example/lfnkr",
        "REDIS_URL": "redis://:x@redis.example:6379",
    }
    system = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def run(**settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        environment = system | production | settings
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    return run


def test_a_production_like_installation_has_no_warning(check_deploy, tally):
    done = check_deploy()
    assert (done.returncode, done.stderr) == (0, "")
    issues, silenced = re.fullmatch(
        r"System check identified (no|\d+) issues? \((\d+) silenced\)\.\n", done.stdout
    ).groups()
    assert issues == "no"
    # E-mails are unique by a constraint that Django does not know.
    assert settings.SILENCED_SYSTEM_CHECKS == ["auth.W004"]
    assert int(silenced) == len(settings.SILENCED_SYSTEM_CHECKS)
    tally(f"test 24: manage.py check --deploy: {issues} warnings, {silenced} silenced")


def test_the_check_can_fail(check_deploy):
    """The sample's plain http is what it warns of."""
    done = check_deploy(SAMPLE="true")
    assert done.returncode != 0
    warnings = set(re.findall(r"security\.W\d+", done.stderr))
    assert {"security.W004", "security.W008", "security.W012", "security.W016"} <= warnings


def test_what_must_not_start_does_not(check_deploy):
    done = check_deploy(SECRET_KEY="change-me", DEBUG="true")
    assert done.returncode != 0
    assert "must not start" in done.stderr
