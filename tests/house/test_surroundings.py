"""What stands around the code: settings and their example, versions, the world outside."""

import re
import smtplib
import socket
import tomllib
import urllib.request

import pytest

from tests.house.source import ROOT, calls, files
from tests.network import OutsideWorld

EXAMPLE = ROOT / ".env.example"
# Of the runner, the browser tests and the composed production, not of Django's settings.
OF_OTHERS = {
    "HOST", "PORT", "PG_BIN", "REDIS_BIN", "CHROMIUM", "SITE_HOST", "POSTGRES_PASSWORD",
    "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD", "REDIS_PASSWORD", "WEB_REPLICAS", "WORKER_REPLICAS",
    "LFNKR_IMAGE", "BACKUP_DATABASE_PASSWORD", "BACKUP_FOLDER", "BACKUP_IDENTITY",
}  # fmt: skip


def read_by_settings() -> set[str]:
    names = set()
    for path in files("lfnkr"):
        for name, node in calls(path):
            if (
                name.startswith("env.")
                and node.args
                and isinstance(getattr(node.args[0], "value", None), str)
            ):
                names.add(node.args[0].value)
    text = (ROOT / "lfnkr" / "settings.py").read_text()
    return {name for name in names if name.isupper()} | set(re.findall(r'"(\w+_DATABASE_URL)"', text))


def test_the_example_names_exactly_the_settings():
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert read_by_settings() - named == set()
    assert named - read_by_settings() - OF_OTHERS == set()


def test_what_others_read_is_really_read():
    sources = [*files("scripts", "tests"), ROOT / "docker-compose.yml", ROOT / "Makefile"]
    text = "\n".join(path.read_text() for path in sources if "house" not in path.parts)
    assert {name for name in OF_OTHERS if name not in text} == set()


def test_python_and_project_versions_are_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    compose = (ROOT / "docker-compose.yml").read_text()
    assert f"lfnkr:{project['version']}" in compose
    lowest = project["requires-python"].removeprefix(">=")
    pythons = re.findall(r"FROM python:(\d+\.\d+)", (ROOT / "Dockerfile").read_text())
    assert len(set(pythons)) == 1
    assert tuple(map(int, pythons[0].split("."))) >= tuple(map(int, lowest.split(".")))
    assert f"--python-version {lowest}" in (ROOT / "Makefile").read_text()


def test_no_image_without_a_version():
    for name in ("docker-compose.yml", "Dockerfile"):
        images = re.findall(r"^(?:FROM|\s*image:)\s+(\S+)", (ROOT / name).read_text(), re.MULTILINE)
        assert images
        assert [image for image in images if ":latest" in image or ":" not in image] == []


def test_every_dependency_says_why_it_is_here():
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [", 1)[1].split("]\n", 1)[0]
    assert [line for line in lines.splitlines() if line.strip() and "#" not in line] == []


def connect_by_number() -> None:
    with socket.socket() as unconnected:  # closed here: the refusal is no OSError that closes it
        unconnected.connect(("192.0.2.1", 80))


@pytest.mark.parametrize(
    "reach_out",
    [
        connect_by_number,
        lambda: socket.create_connection(("example.org", 443), timeout=1),
        lambda: urllib.request.urlopen("http://example.org/", timeout=1),
        lambda: smtplib.SMTP("mail.example.org", 25, timeout=1),
    ],
    ids=["address", "name", "http", "mail"],
)
def test_no_test_reaches_the_world(reach_out):
    with pytest.raises(OutsideWorld):
        reach_out()


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
