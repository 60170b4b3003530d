"""Why a backup was not made or not restored: each refusal says what to do."""

from django.utils.translation import gettext as _


class BackupProblem(Exception):
    """Nothing was left half done; the sentence says what to do."""

    last_words = ""


class NotSetUp(BackupProblem):
    """`args[0]`: the setting that is missing."""

    def __str__(self) -> str:
        return _("%(setting)s is not set: docs/backup.md says what belongs there.") % {
            "setting": self.args[0]
        }


class NotAPublicKey(BackupProblem):
    def __str__(self) -> str:
        return _(
            "BACKUP_RECIPIENTS holds something else than public keys (age1…, separated by commas). "
            "A private key does not belong on this machine."
        )


class ProgramMissing(BackupProblem):
    """`args[0]`: the program."""

    def __str__(self) -> str:
        return _(
            "The program %(program)s was not found: install the client programs of PostgreSQL, or set PG_BIN "
            "to the folder they are in."
        ) % {"program": self.args[0]}


class ProgramTooOld(BackupProblem):
    """`args`: the program's path, its version, the version that is needed."""

    def __str__(self) -> str:
        program, found, needed = self.args
        return _(
            "%(program)s is of PostgreSQL %(found)s and cannot work with version %(needed)s: set PG_BIN to "
            "the folder of programs of version %(needed)s or newer."
        ) % {"program": program, "found": found, "needed": needed}


class Technical(BackupProblem):
    """`args`: what failed, and its last words, which are for the operator's screen alone."""

    def __init__(self, what: object, last_words: str) -> None:
        super().__init__(what)
        self.last_words = last_words


class ProgramFailed(Technical):
    def __str__(self) -> str:
        return _("The program %(program)s failed.") % {"program": self.args[0]}


class ServerUnreachable(Technical):
    def __str__(self) -> str:
        return _("The database at %(setting)s does not let us in.") % {"setting": self.args[0]}


class ServerRefused(Technical):
    def __str__(self) -> str:
        return _("The database at %(setting)s refused a question.") % {"setting": self.args[0]}


class CannotWrite(Technical):
    def __str__(self) -> str:
        return _("%(folder)s cannot be written: is the disk full, or does it belong to another user?") % {
            "folder": self.args[0]
        }


class SeesNotEverything(BackupProblem):
    """A role that row policies hold back would make a backup with holes."""

    def __str__(self) -> str:
        return _(
            "The role of BACKUP_DATABASE_URL may not read every row: it needs BYPASSRLS and pg_read_all_data "
            "(docs/backup.md)."
        )


class NothingThere(BackupProblem):
    def __str__(self) -> str:
        return _("The database has no tables: there is nothing to back up.")


class FolderTaken(BackupProblem):
    """`args[0]`: the folder."""

    def __str__(self) -> str:
        return _("%(folder)s is there already and is not overwritten: try again in a second.") % {
            "folder": self.args[0]
        }


class NotABackup(BackupProblem):
    """`args[0]`: the folder."""

    def __str__(self) -> str:
        return _("%(folder)s is no backup: name the folder with manifest.json in it.") % {
            "folder": self.args[0]
        }


class PartMissing(BackupProblem):
    """`args[0]`: the file."""

    def __str__(self) -> str:
        return _("%(file)s is missing: this backup cannot be restored. Take another copy of it.") % {
            "file": self.args[0]
        }


class PartChanged(BackupProblem):
    """`args[0]`: the file."""

    def __str__(self) -> str:
        return _(
            "%(file)s is not what was written when the backup was made: it is damaged or somebody changed "
            "it. Nothing was restored. Take another copy of it."
        ) % {"file": self.args[0]}


class Unproven(BackupProblem):
    def __str__(self) -> str:
        return _(
            "Whether this backup comes from your own server cannot be checked: it was made under another "
            "sealing key than the one mounted here, or while there was none. A forged one could take over "
            "the database server. Nothing was changed. Mount the sealing key of that time; or, if you know "
            "by another way that nobody has touched the backup, add --unproven."
        )


class NoIdentity(BackupProblem):
    """`args[0]`: the file that was named."""

    def __str__(self) -> str:
        return _(
            "%(file)s holds no private key (a line that begins with AGE-SECRET-KEY-): without it a backup "
            "opens for nobody. Nothing was changed."
        ) % {"file": self.args[0]}


class WrongIdentity(BackupProblem):
    def __str__(self) -> str:
        return _(
            "This private key does not open this backup: it was made for another one. Nothing was changed."
        )


class ServerTooOld(BackupProblem):
    """`args`: the version found, and the version the backup was made on."""

    def __str__(self) -> str:
        found, needed = self.args
        return _(
            "The server is PostgreSQL %(found)s, the backup was made on %(needed)s: restore into version "
            "%(needed)s or newer."
        ) % {"found": found, "needed": needed}


class NotASuperuser(BackupProblem):
    def __str__(self) -> str:
        return _(
            "The role of RESTORE_DATABASE_URL is no superuser: roles, owners and row policies can only be "
            "made again by one."
        )


class NotEmpty(BackupProblem):
    """`args[0]`: the database."""

    def __str__(self) -> str:
        return _(
            "The database %(database)s has tables already: a backup is restored into an empty database "
            "alone. Nothing was changed."
        ) % {"database": self.args[0]}


class InUse(BackupProblem):
    """`args[0]`: the database."""

    def __str__(self) -> str:
        return _(
            "Somebody is connected to the database %(database)s: stop web, worker and beat, then try again. "
            "Nothing was changed."
        ) % {"database": self.args[0]}
