import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.backups import backup_role, bare_machine, filled, identity, machine, saved  # noqa: F401
from tests.core.workbooks import written


@pytest.fixture
def put(tmp_path, db):
    """`put(Items=[[heading …], [cell …], …])` makes the file and imports it; gives what was said."""

    def command(*options: str, file: Path | None = None, **pages: list[list]) -> str:
        path = file or written(tmp_path / "register.xlsx", pages)
        out = io.StringIO()
        try:
            call_command("import_workbook", str(path), *options, stdout=out, stderr=out)
        except CommandError as error:
            out.write(str(error))
        return out.getvalue()

    return command
