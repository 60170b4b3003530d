"""Sealed values, keys, identities and the trail: each behind its one door."""

import ast
import re
from collections.abc import Iterable

from scripts.rules.rule import WITH_SCRIPTS, Rule, either, says, uses
from scripts.rules.source import Source

_DEFINER = re.compile(r"\bCREATE\b.*?(?=\bCREATE\b|\Z)", re.IGNORECASE | re.DOTALL)


def _definer_without_a_path(source: Source) -> Iterable[int]:
    for text, line in source.texts:
        for one in _DEFINER.finditer(text):
            words = one.group().lower()
            if "security definer" in words and "search_path" not in words:
                yield line + text.count("\n", 0, one.start())


def _sight_past_the_door(source: Source) -> Iterable[int]:
    doors = {"visible_to", "none"}
    through = {
        id(node.value) for node in source.nodes if isinstance(node, ast.Attribute) and node.attr in doors
    }
    for node in source.nodes:
        managers = ("objects", "_default_manager", "_base_manager")
        if isinstance(node, ast.Attribute) and node.attr in managers and id(node) not in through:
            yield node.end_lineno or node.lineno


RULES = [
    Rule(
        "sealed value opened",
        "A sealed value is opened by a door that asks for a right and a purpose and writes a row.",
        uses(
            "core.sealed.open_value core.sealed._open core.sealed.unwrap core.sealed.key_of "
            "*._plain *._ciphertext"
        ),
        WITH_SCRIPTS,
        {
            "core/sealed.py": "they are made here",
            "core/rotation.py": "wraps a data key anew, opens no value",
            "core/services.py": "save_record compares old and new: the trail names what changed",
            "core/workbook/sheet_import.py": "an import compares what is stored with what the sheet says",
            "accounts/services/reveal.py": "the door",
            "benchmarks/keys.py": "opens data keys that it made itself",
            "foster/services/photos.py": "a photo of one's own child, asked through visible_to",
            "foster/services/safety.py": "the leak guard looks for the name in a text",
        },
    ),
    Rule(
        "key in other hands",
        "Sealing key and secret key are read in one place each, so that no log or page can hold them.",
        uses("*.SEALING_KEY_FILE *.SECRET_KEY *.SECRET_KEY_FALLBACKS"),
        allowed={
            "core/keyring.py": "the key ring",
            "core/identity.py": "what proves to the database for whom the app acts",
            "core/management/commands/rotate_keys.py": "puts a new key in force",
            "core/management/commands/unlock_keys.py": "puts the key there and takes it away",
            "lfnkr/settings.py": "reads the environment",
        },
    ),
    Rule(
        "cipher of one's own",
        "What encrypts stands in one module that was looked at; a second one would be looked at by nobody.",
        uses("cryptography pyrage nacl Crypto hashlib.md5 hashlib.sha1 crypt django.core.signing"),
        allowed={"core/sealed.py": "the seal"},
    ),
    Rule(
        "identity set elsewhere",
        "Whose rows the database shows is set in one place and for one transaction; set for a connection, it "
        "stays there for the next person.",
        says(r"\bset_config\s*\(|(?:^|;)\s*SET\s+(?:LOCAL\s+|SESSION\s+)?(?:ROLE\b|AUTHORIZATION\b|app\.)"),
        WITH_SCRIPTS,
        {"core/identity.py": "its one home"},
    ),
    Rule(
        "the system's own sight",
        "What runs as the system sees every row: only a process without a person behind it may.",
        uses("core.identity.run_as_system"),
        allowed={"lfnkr/celery.py": "the worker starts", "manage.py": "a command starts"},
    ),
    Rule(
        "acting for another",
        "For whom the database shows rows is proven by the gate, from the log-in, and nowhere else.",
        uses("core.identity.act_as core.identity.sealed core.identity.secret_of core.identity.SYSTEM"),
        allowed={"accounts/gate.py": "the gate of every view", "lfnkr/walls/*.py": "names the system's role"},
    ),
    Rule(
        "wider sight",
        "A sight beyond one's own rows is for a few pieces of work, each looked at.",
        uses(
            "core.identity.Scope.FIGURES core.identity.Scope.GUARD core.identity.Scope.EXPOSURE "
            "core.identity.Scope.BREAK_GLASS core.identity.Scope.FORGET"
        ),
        allowed={
            "lfnkr/walls/*.py": "says to whom each is granted",
            "reports/views.py": "figures of the annual report, sums and no names",
        },
    ),
    Rule(
        "wall or trail switched off",
        "Triggers and row policies are never switched off by code: an injection would only have to reach it.",
        either(
            uses("pgtrigger pghistory"),
            says(
                r"\bpgtrigger\b|\bpghistory\b|session_replication_role|\bDISABLE\s+(?:TRIGGER|RULE|ROW)\b"
                r"|\bNO\s+FORCE\s+ROW\b|\brow_security\b|\bDROP\s+POLICY\b|(?<!NO)BYPASSRLS"
            ),
        ),
        WITH_SCRIPTS,
        {
            "scripts/rules/secrets.py": "names what it looks for",
            "lfnkr/walls/sql.py": "puts each policy up anew, in migrate's own transaction",
            "benchmarks/walls.py": "measures a page with and without row policies, in a database of its own",
        },
    ),
    Rule(
        "definer without a path",
        "A function that runs with its owner's rights finds its tables by a path of its own, or a caller "
        "lays another table in its way.",
        _definer_without_a_path,
        WITH_SCRIPTS,
    ),
    Rule(
        "sight past the door",
        "A page lists and finds records through visible_to(user) alone.",
        _sight_past_the_door,
        ("*/views*.py", "*/forms*.py", "*/tables*.py", "*/templatetags/*.py"),
        {"donations/forms.py": "the names of funds: everybody who may book a gift sees all of them"},
    ),
    Rule(
        "rows cached",
        "What lies in Redis lies in its file on the disk: no record, name or page is kept there.",
        uses("django.core.cache django.views.decorators.cache.cache_page redis"),
        allowed={"core/health.py": "when worker and beat were last heard from"},
    ),
]
