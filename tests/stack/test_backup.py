"""The trial of one machine can be saved, and comes back in a checkout where nothing ever ran."""

import shutil

import pytest

pytestmark = pytest.mark.slow_stack


def test_the_trial_is_restored_in_another_checkout(make_used_checkout, make_checkout, tmp_path):
    first, second = make_used_checkout("first"), make_checkout("second")
    saved = first.run("manage.py", "backup", str(tmp_path))
    assert saved.returncode == 0, saved.stderr
    [folder] = tmp_path.iterdir()
    (second.path / ".local").mkdir()
    shutil.copy2(first.path / ".local" / "sealing.key", second.path / ".local")

    key = str(first.path / ".local" / "backup.key")
    restored = second.run("manage.py", "restore", str(folder), "--identity", key)
    assert restored.returncode == 0, restored.stderr
    assert "all equal" in restored.stdout
    counted = second.sql("select count(*) > 0 from shelters_shelter")
    assert counted.stdout == "True\n", counted.stderr
    assert second.run("manage.py", "check_ledger").stdout == "0 differences\n"

    again = second.run("manage.py", "restore", str(folder), "--identity", key)
    assert again.returncode == 1
    assert "has tables already" in again.stderr
