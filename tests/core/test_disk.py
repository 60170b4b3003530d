"""A file replaced in one step."""

import stat

import pytest

from core import disk


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_the_new_content_stands_there_with_its_rights_and_nothing_else_is_left(tmp_path, mode):
    path = tmp_path / "keys"
    for text in ("one", "two"):
        disk.replace(path, text, mode=mode)
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert names(tmp_path) == ["keys"]


def test_who_has_the_file_open_goes_on_reading_the_old_content(tmp_path):
    path = tmp_path / "keys"
    path.write_text("one")
    with path.open() as reader:
        disk.replace(path, "two")
        assert reader.read() == "one"


def test_what_breaks_off_changes_nothing(tmp_path):
    path = tmp_path / "keys"
    path.write_text("one")

    def break_off() -> None:
        with disk.replacing(path) as stream:
            stream.write(b"tw")
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        break_off()
    assert path.read_text() == "one"
    assert names(tmp_path) == ["keys"]
