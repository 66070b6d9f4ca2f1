"""The wheel holds every package and every file that the code reads."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The folders that install as packages.
TOPS = ("commands", "evaluation", "examples", "graph", "loaders", "ontology", "queries", "services", "views", "writing")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    inits = (init.relative_to(ROOT).parent for top in TOPS for init in (ROOT / top).rglob("__init__.py"))
    found = {"goldenthread"} | {".".join(("goldenthread", *folder.parts)) for folder in inits}
    assert found == listed


def test_every_data_file_is_packed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    packed = {
        path
        for package, globs in patterns.items()
        for pattern in globs
        for path in ROOT.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    for top in TOPS:
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                assert path in packed, path


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in PROJECT["project"]["dependencies"]:
        name = requirement.split(">")[0]
        assert f"| {name} |" in reasons, name
    (extras,) = (part for part in reasons.split("\n\n") if part.startswith("Extras: "))
    for extra, requirements in PROJECT["project"]["optional-dependencies"].items():
        assert f"`{extra}` brings {requirements[0].split('>')[0]} (" in extras, extra
