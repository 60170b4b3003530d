"""A Chromium for the browser tests, and fonts in which it can write Japanese.

Both are looked for on this machine first. What is missing is fetched with npm, where npm is:
packages with a pinned hash, unpacked once into `.local/`. Nothing is installed elsewhere.
"""

import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LOCAL = Path(__file__).resolve().parent.parent / ".local"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "google-chrome-beta",
)


@dataclass(frozen=True)
class Package:
    """One version of one npm package; `sha512` in base64, as npm itself writes it."""

    name: str
    version: str
    sha512: str


# Linux x86-64 only. With its own nss, so that a bare machine needs no system library.
CHROMIUM = Package(
    "@sparticuz/chromium",
    "153.0.0",
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==",
)
# Real TrueType files under the Open Font License.
FONT = Package(
    "@expo-google-fonts/noto-sans-jp",
    "0.4.3",
    "Fl+Z6vtD24HFAYsvzB0S9Nery1ly16B9PesdY0wBd+wEHAvkNglnkTUspU0HqGOubkmoa8zusJrKv6vDx1o70A==",
)
FONT_FILES = ("400Regular/NotoSansJP_400Regular.ttf", "700Bold/NotoSansJP_700Bold.ttf")


def find_chromium() -> tuple[str, dict[str, str]] | None:
    """Path of a Chromium that starts, and what to add to its environment; None when there is none.

    Order: $CHROMIUM, Playwright's own, the programs in PATH, the one that npm carries.
    """
    for look in (_named, _playwrights_own, _in_path, _from_npm):
        for program, environment in look():
            if _starts(program, environment):
                return program, environment | _font_environment()
    return None


Candidates = list[tuple[str, dict[str, str]]]


def _named() -> Candidates:
    given = os.environ.get("CHROMIUM")
    return [(given, {})] if given else []


def _playwrights_own() -> Candidates:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return [(path, {})] if Path(path).exists() else []


def _in_path() -> Candidates:
    found = (shutil.which(name) for name in NAMES)
    return [(path, {}) for path in found if path]


def _from_npm() -> Candidates:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return []
    home = _unpacked(CHROMIUM, _unpack_chromium)
    return [(str(home / "chromium"), {"LD_LIBRARY_PATH": str(home / "lib")})] if home else []


def _starts(program: str, environment: dict[str, str]) -> bool:
    """Whether the program runs here at all: one without its libraries, or a wrapper, may not."""
    try:
        done = subprocess.run(
            [program, "--version", "--no-sandbox"],
            check=False,
            capture_output=True,
            env={**os.environ, **environment},
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _unpack_chromium(package: Path, home: Path) -> None:
    import brotli

    program = home / "chromium"
    program.write_bytes(brotli.decompress((package / "bin" / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("swiftshader", "al2023"):
        packed = (package / "bin" / f"{name}.tar.br").read_bytes()
        with tarfile.open(fileobj=io.BytesIO(brotli.decompress(packed))) as archive:
            _extract(archive, home)


def _unpack_font(package: Path, home: Path) -> None:
    for name in FONT_FILES:
        shutil.copy(package / name, home)
    for licence in package.glob("LICENSE*"):
        shutil.copy(licence, home)


def _font_environment() -> dict[str, str]:
    """FONTCONFIG_FILE with a Japanese font, where this Linux has none and one can be had."""
    if platform.system() != "Linux" or _machine_writes_japanese():
        return {}
    home = _unpacked(FONT, _unpack_font)
    if home is None:
        return {}
    configuration = LOCAL / "fonts" / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{_xml(home)}</dir><cachedir>{_xml(LOCAL / 'fonts' / 'cache')}</cachedir>"
        "</fontconfig>\n"
    )
    return {"FONTCONFIG_FILE": str(configuration)}


def _xml(path: Path) -> str:
    return str(path).replace("&", "&amp;").replace("<", "&lt;")


def _machine_writes_japanese() -> bool:
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return False
    asked = [fc_list, ":lang=ja", "file"]
    return bool(subprocess.run(asked, check=False, capture_output=True).stdout.strip())


def _unpacked(package: Package, unpack: Callable[[Path, Path], None]) -> Path | None:
    """The folder `.local/<name>/<version>`, fetched and unpacked when missing; None without npm."""
    home = LOCAL / {CHROMIUM: "chromium", FONT: "fonts"}[package] / package.version
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as work:
        archive = _fetched(package, Path(work))
        if archive is None:
            return None
        with tarfile.open(archive) as packed:
            _extract(packed, Path(work))
        fresh = Path(work) / "unpacked"
        fresh.mkdir()
        unpack(Path(work) / "package", fresh)
        try:
            fresh.rename(home)  # in one step: a broken download never looks complete
        except OSError:
            if not home.exists():
                raise
    return home


def _fetched(package: Package, folder: Path) -> Path | None:
    """The package's archive by npm; None when npm is missing or has no network.

    SystemExit when what came is not what was pinned.
    """
    npm = shutil.which("npm")
    if npm is None:
        return None
    wanted = f"{package.name}@{package.version}"
    print(f"Fetching {wanted} with npm …", file=sys.stderr, flush=True)
    command = [npm, "pack", wanted, "--silent", "--pack-destination", folder]
    done = subprocess.run(command, check=False, cwd=folder, stdout=subprocess.DEVNULL)
    if done.returncode:
        return None
    archive = next(folder.glob("*.tgz"))
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != package.sha512:
        raise SystemExit(f"{wanted} is not the package that was pinned: its hash differs.")
    return archive


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    # Debian 12's Python 3.11.2 does not know the filter yet; the archives are pinned by hash.
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
    else:
        archive.extractall(folder)


if __name__ == "__main__":
    print(find_chromium())
