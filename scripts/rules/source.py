"""The project's own source as trees: what the rules, and the tests about the code itself, look at."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "accounts", "supply", "donations", "shelters", "foster", "reports")
HOUSE = (*APPS, "lfnkr")

# Calls that fetch a name given as text.
BY_TEXT = {"importlib.import_module", "django.utils.module_loading.import_string", "__import__"}


def files(*folders: str) -> list[Path]:
    """Every Python file of these folders, without migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def rooms(*names: str) -> list[Path]:
    """The files of these rooms in every app: a module or a package of that name."""
    wanted = set(names)
    return [path for path in files(*APPS) if wanted & {path.stem, *path.relative_to(ROOT).parts[1:-1]}]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call by its dotted name as written ("User.objects.create")."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "()"


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"


class Source:
    """One file as a rule reads it, on disk or planted in a test: names as they were imported."""

    def __init__(self, place: str, text: str) -> None:
        self.place = place  # "foster/views/portal.py"
        self.text = text

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text)))

    @cached_property
    def imported(self) -> dict[str, str]:
        """What each imported name stands for: {"safe": "django.utils.safestring.mark_safe"}."""
        names = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.split(".")[0]
                    names[alias.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom):
                names |= {a.asname or a.name: f"{self._module(node)}.{a.name}" for a in node.names}
        return names

    def _module(self, node: ast.ImportFrom) -> str:
        here = self.place.removesuffix(".py").split("/")
        above = here[: -node.level] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])

    @cached_property
    def constants(self) -> dict[str, ast.AST]:
        """Names bound once in the whole file, with what they are given, or what they run through."""
        bound = Counter(
            node.id if isinstance(node, ast.Name) else node.arg
            for node in self.nodes
            if isinstance(node, ast.arg) or isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        )
        given: dict[str, ast.AST] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.For | ast.comprehension):
                pairs = [(node.target, node.iter)]
            else:
                continue
            given |= {target.id: value for target, value in pairs if isinstance(target, ast.Name)}
        return {name: value for name, value in given.items() if bound[name] == 1}

    def name(self, node: ast.AST) -> str:
        """The dotted name with its first part as imported; "()" stands for a call or what has no name."""
        if isinstance(node, ast.Attribute):
            return f"{self.name(node.value)}.{node.attr}".removeprefix("builtins.")
        if isinstance(node, ast.Name):
            return self.imported.get(node.id, node.id).removeprefix("builtins.")
        if isinstance(node, ast.Call):
            called = self.name(node.func)
            named = node.args and called in BY_TEXT and getattr(node.args[0], "value", None)
            return str(named or f"{called}()")
        return "()"

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call by its name as imported."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield self.name(node.func), node

    @cached_property
    def uses(self) -> list[tuple[str, int]]:
        """Every name imported or read, called or not, with its line; also names given as text.

        A field of a class and a keyword stand as "set.NAME", what is only a name of this file as
        "local.NAME…": neither is ever taken for a module or a builtin.
        """
        found = []
        for node in self.nodes:
            line = getattr(node, "end_lineno", 0)
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(f"{self._module(node)}.{alias.name}", node.lineno) for alias in node.names]
            elif isinstance(node, ast.Name | ast.Attribute):
                found.append((self._known(node), line))
            elif isinstance(node, ast.keyword) and node.arg:
                found.append((f"set.{node.arg}", line))
        return found + [(name, node.lineno) for name, node in self._named_by_text()]

    def _known(self, node: ast.Name | ast.Attribute) -> str:
        if id(node) in self.fields:
            return f"set.{self.name(node)}"
        root: ast.AST = node
        while isinstance(root, ast.Attribute):
            root = root.value
        is_local = (
            isinstance(root, ast.Name) and root.id not in self.imported and not hasattr(builtins, root.id)
        )
        return f"local.{self.name(node)}" if is_local else self.name(node)

    @cached_property
    def fields(self) -> set[int]:
        """The names that class bodies give a value to."""
        bodies = [line for node in self.nodes if isinstance(node, ast.ClassDef) for line in node.body]
        targets = [
            target
            for line in bodies
            for target in (line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)])
        ]
        return {id(target) for target in targets if target is not None}

    def _named_by_text(self) -> Iterator[tuple[str, ast.Call]]:
        for name, node in self.calls():
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in BY_TEXT and texts:
                yield texts[0], node
            elif name == "getattr" and texts:
                yield f"{self.name(node.args[0])}.{texts[0]}", node

    @cached_property
    def texts(self) -> list[tuple[str, int]]:
        """Every text in the code with its line, but docstrings; an f-string with "{}" for what is put in."""
        seen = {id(part) for node in self.nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        seen |= {id(node.value) for node in self.nodes if isinstance(node, ast.Expr)}
        found = []
        for node in self.nodes:
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
                found.append(("".join(map(str, parts)), node.lineno))
            elif isinstance(node, ast.Constant) and id(node) not in seen:
                text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
                found += [(text, node.lineno)] if isinstance(text, str) else []
        return found
