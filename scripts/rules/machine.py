"""What reaches out of the program: mail, network, disk, processes, code made of text, logs."""

import ast
import re
from collections.abc import Iterable

from scripts.rules.rule import WITH_SCRIPTS, Rule, either, says, uses
from scripts.rules.source import Source

_LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log", "msg", "bind", "new"}
_WRITING = re.compile(r"[rbt]*[wax+][rbt+]*")
_LOGGERS = ("log", "logger", "logging", "structlog")
_TOLD_BY_THE_BROWSER = {
    "POST", "GET", "FILES", "COOKIES", "META", "body", "headers", "session", "cleaned_data", "data",
    "get_full_path", "build_absolute_uri", "read",
}  # fmt: skip
_OF_A_PERSON = {"email", "to_address", "password", "real_name", "address", "contact", "phone"}


def _in_a_shell(source: Source) -> Iterable[int]:
    for _name, call in source.calls():
        for keyword in call.keywords:
            off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if keyword.arg == "shell" and not off:
                yield call.lineno


def _is_of_a_request(node: ast.AST) -> bool:
    """What a browser sent, or what leads to a person: `request.POST`, `user.email`; not `request.user.pk`."""
    if not isinstance(node, ast.Attribute):
        return False
    of_request = ast.unparse(node.value).split(".")[-1] in ("request", "form")
    return node.attr in _OF_A_PERSON or (of_request and node.attr in _TOLD_BY_THE_BROWSER)


def _is_whole_request(node: ast.AST) -> bool:
    """The request as it is, or put into a text; what a function makes of it is the function's matter."""
    if isinstance(node, ast.JoinedStr):
        return any(_is_whole_request(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _is_whole_request(node.value)
    return isinstance(node, ast.Name) and node.id == "request"


def _speaks_of_a_request(parts: Iterable[ast.AST]) -> bool:
    return any(_is_whole_request(part) or any(map(_is_of_a_request, ast.walk(part))) for part in parts)


def _given(call: ast.Call) -> list[ast.AST]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _logged(source: Source) -> Iterable[int]:
    for name, call in source.calls():
        parts = name.split(".")
        logs = parts[-1] in _LEVELS and parts[0].strip("_").lower() in _LOGGERS
        tells = logs or parts[-1] in ("bind_contextvars", "get_logger") or name == "warnings.warn"
        if tells and _speaks_of_a_request(_given(call)):
            yield call.lineno


def _raised(source: Source) -> Iterable[int]:
    for node in source.nodes:
        made = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(made, ast.Call) and _speaks_of_a_request(_given(made)):
            yield node.lineno


def _opened_for_writing(source: Source) -> Iterable[int]:
    for name, call in source.calls():
        by_path = isinstance(call.func, ast.Attribute) and call.func.attr == "open"
        if not by_path and name not in ("open", "os.fdopen"):
            continue
        modes = [*call.args[:1]] if by_path else [*call.args[1:2]]
        modes += [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
        for mode in modes:
            unknown = "" if by_path else "w"  # a mode that is no literal may be any
            if _WRITING.fullmatch(str(mode.value) if isinstance(mode, ast.Constant) else unknown):
                yield call.lineno


RULES = [
    Rule(
        "mail past the outbox",
        "Each mail is a row first, so that one reminder is one mail and the leak guard reads it.",
        either(
            uses("django.core.mail smtplib email.message email.mime *.email_user"),
            says(r"AdminEmailHandler"),
        ),
        WITH_SCRIPTS,
    ),
    Rule(
        "call to the world",
        "The web host asks nobody anything: what cannot call out cannot carry a name out.",
        uses(
            "requests urllib.request urllib3 http.client httpx aiohttp ftplib telnetlib "
            "xmlrpc paramiko websockets socketserver socket.socket socket.create_connection "
            "asyncio.open_connection asyncio.open_unix_connection"
        ),
    ),
    Rule(
        "process started",
        "The app starts no other program.",
        uses(
            "subprocess multiprocessing pty os.system os.popen os.fork os.posix_spawn "
            "os.execv os.execve os.execvp os.execl os.spawnv asyncio.create_subprocess_exec"
        ),
    ),
    Rule(
        "shell",
        "A program is started with a list of words; a shell would read them once more.",
        either(
            _in_a_shell,
            uses(
                "os.system os.popen subprocess.getoutput subprocess.getstatusoutput "
                "asyncio.create_subprocess_shell"
            ),
        ),
        WITH_SCRIPTS,
    ),
    Rule(
        "code out of text",
        "Nothing that somebody typed or stored may ever be run.",
        uses("eval exec compile code.interact types.CodeType types.FunctionType"),
        WITH_SCRIPTS,
    ),
    Rule(
        "objects out of bytes",
        "Unpickling runs what the bytes say; whoever reaches Redis or a file would run code here.",
        either(
            uses(
                "pickle cPickle _pickle marshal shelve dill cloudpickle jsonpickle yaml.load "
                "yaml.load_all yaml.unsafe_load yaml.full_load yaml.Loader yaml.UnsafeLoader "
                "yaml.FullLoader"
            ),
            says(r"^pickle$|PickleSerializer|x-python-serialize"),
        ),
        WITH_SCRIPTS,
    ),
    Rule(
        "guessable number",
        "What nobody may guess comes from `secrets`; in the app nothing else needs chance.",
        uses("random uuid.uuid1 uuid.getnode uuid.uuid3"),
    ),
    Rule(
        "request in a log",
        "A log line says who by number and which page, never what was typed or where from.",
        either(_logged, _raised),
    ),
    Rule(
        "printed",
        "The app speaks through its log, which is scrubbed; a command through self.stdout.",
        uses("print pprint breakpoint pdb sys.__stdout__ sys.__stderr__ icecream locals"),
    ),
    Rule(
        "written to the disk",
        "What people enter is in the database, sealed where it must be, and in no file beside it.",
        either(
            _opened_for_writing,
            uses(
                "tempfile *.write_text *.write_bytes os.open shutil core.disk.replace core.disk.replacing "
                "django.core.files.storage "
                "django.core.files.uploadedfile.TemporaryUploadedFile"
            ),
            says(r"TemporaryFileUploadHandler|FileSystemStorage"),
        ),
    ),
    Rule(
        "check that can be switched off",
        "`python -O` takes every assert away; a check raises.",
        lambda source: (node.lineno for node in source.nodes if isinstance(node, ast.Assert)),
        WITH_SCRIPTS,
    ),
]
