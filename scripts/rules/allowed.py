"""Where a rule does not hold, and why: all that may open, act for others, see further, write or call out.

Rule → place → reason. A star stands for anything. A line that its place needs no longer fails test 24.
"""

ALLOWED: dict[str, dict[str, str]] = {
    "sealed value opened": {
        "core/sealed.py": "they are made here",
        "core/backup/proof.py": "opens a key that it made itself, to sign a backup",
        "core/backup/restoring.py": "tries the data keys of a restored database and shows none",
        "core/rotation.py": "wraps a data key anew, opens no value",
        "core/services.py": "save_record compares old and new: the trail names what changed",
        "core/workbook/sheet_import.py": "an import compares what is stored with what the sheet says",
        "accounts/services/reveal.py": "the door",
        "benchmarks/keys.py": "opens data keys that it made itself",
        "foster/services/photos.py": "a photo of one's own child, asked through visible_to",
        "core/leaks/collecting.py": "the leak guard: a verdict comes out, never a value",
        "accounts/services/leaks.py": "the passage of a finding, for who may see the value, with a row",
        "benchmarks/leaks.py": "opens values that it made itself, as the leak guard does",
    },
    "key in other hands": {
        "core/keyring.py": "the key ring",
        "core/identity.py": "what proves to the database for whom the app acts",
        "core/management/commands/rotate_keys.py": "puts a new key in force",
        "core/management/commands/unlock_keys.py": "puts the key there and takes it away",
        "core/server_key.py": "seals what the database keeps and must not read",
        "accounts/services/links.py": "digests of addresses that ask for a link",
    },
    "cipher of one's own": {
        "core/sealed.py": "the seal",
        "core/server_key.py": "seeds of second factors and texts of mails, under SECRET_KEY",
        "core/searches.py": "Fernet as it comes: what somebody searched for, sealed in their session",
        "core/addresses.py": "Django's signer as it comes: an address that is good for ten minutes",
        "core/backup/*.py": "backups, encrypted to public keys",
    },
    "identity set elsewhere": {
        "core/identity.py": "its one home",
        "core/backup/inventory.py": "how values are spelled, on a connection of its own as the backup's role",
    },
    "the system's own sight": {
        "lfnkr/celery.py": "the worker starts",
        "lfnkr/scheduler.py": "beat starts",
        "manage.py": "a command starts",
    },
    "acting for another": {
        "accounts/gate.py": "the gate of every view",
        "lfnkr/walls/*.py": "names the system's role",
    },
    "wider sight": {
        "core/leaks/*.py": "every sealed value, for a verdict on a text; findings are nobody's own",
        "accounts/services/leaks.py": "the key of a passage, after the finding's own question who may see it",
        "foster/services/leaving.py": "who lives with a child: keys to look for, shown to nobody",
        "lfnkr/walls/*.py": "says to whom each is granted",
        "reports/views.py": "figures of the annual report, sums and no names",
        "shelters/views/medical.py": "sums of medical cases for the coordinator, no person and no shelter",
        "accounts/views/exposure.py": "what another log-in could see, by code, for administrator and auditor",
        "shelters/selectors/lock_downs.py": "the shelter of a code that somebody types to lock it down",
        "shelters/services/lock_downs.py": "who is posted at a shelter that is being locked down",
        "accounts/openings.py": "an administrator names by its code whom to forget, and sees nobody",
        "accounts/services/forget.py": "deletes the keys of one person, by two persons",
        "accounts/services/reveal.py": "one address in an emergency, by two persons",
    },
    "wall or trail switched off": {
        "scripts/rules/secrets.py": "names what it looks for",
        "lfnkr/walls/sql.py": "puts each policy up anew, in migrate's own transaction",
        "core/backup/*.py": "reads every row as a role that can write none, and makes that role again",
        "scripts/stack/roles.py": "names the role that reads every row for the backup",
        "benchmarks/walls.py": "measures a page with and without row policies, in a database of its own",
    },
    "sight past the door": {
        "donations/forms.py": "the names of funds: everybody who may book a gift sees all of them",
    },
    "rows cached": {
        "core/health.py": "when worker and beat were last heard from",
        "accounts/entry/throttle.py": "counts attempts",
    },
    "SQL put together": {
        "core/backup/*.py": "names through psycopg2.sql, options from fixed lists",
        "scripts/stack/servers.py": "roles from the fixed table of scripts/stack/roles.py",
        "core/prepared.py": "what Django wrote for a queryset, kept at the server under a name of our own",
        "core/grants.py": "names of tables and roles from the models and the settings, run by the owner",
        "benchmarks/*.py": "switches and explains what stands in the benchmark, in a database of its own",
    },
    "mail past the outbox": {
        "core/outbox.py": "the only sender",
        "scripts/rules/machine.py": "names what it looks for",
    },
    "process started": {
        "manage.py": "goes on in .venv",
        "core/photos.py": "the decoder of photos, without secrets, files and sockets (docs/adr/0016)",
        "core/backup/*.py": "pg_dump and pg_restore",
    },
    "objects out of bytes": {
        "scripts/rules/machine.py": "names what it looks for",
    },
    "written to the disk": {
        "accounts/sample.py": "the log-ins of the sample",
        "core/backup/*.py": "ciphertext, a manifest without a secret, and backup_key's FILE, mode 600",
        "core/catalogues.py": "compiled texts",
        "core/disk.py": "how a file is replaced in one step; who does it stands here",
        "core/keyring.py": "the typed key, into memory alone",
        "core/rotation.py": "the key file, replaced in one step",
        "core/management/commands/describe_workbook.py": "a page of docs/",
        "accounts/management/commands/describe_roles.py": "a page of docs/",
        "core/workbook/exporting.py": "export_workbook FILE, at the server, mode 600",
        "reports/management/commands/annual_report.py": "annual_report --output FILE",
    },
    "file past the guard": {
        "core/files.py": "its one home",
        "core/lists.py": "asks which formats there are",
        "core/workbook/*.py": "a workbook at the server, after a verdict of its own",
        "foster/views/portal.py": "a photo of one's own child, asked through visible_to",
        "reports/views.py": "the annual report, after a verdict of its own",
    },
    "markup by hand": {
        "core/cells.py": "the cells of a register, each escaped",
        "core/widgets.py": "the options of a choice, each escaped",
        "shelters/templatetags/store.py": "the lines of a store, each piece escaped",
    },
    "unescaped": {
        "core/markup.py": "joins pieces that were escaped one by one",
        "reports/documents.py": "a report put together of pieces that were escaped one by one",
        "reports/presenting.py": "names the type of what documents.py made",
    },
}
