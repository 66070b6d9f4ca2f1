#!/usr/bin/env python3
"""Check marked documents, and turn them into text, mentions and relations.

    markup.py check FILE…            says what is wrong, and counts
    markup.py json FILE…             one JSON object a line
    markup.py gold FILE… --to DIR    DIR/docs/ID.FORMAT and DIR/gold/ID.json, in the form of the evaluation corpus

Standard library only.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

TYPES = ("Partnership", "Plan", "Priority", "Action", "Subgroup", "Partner", "Role", "Issue", "Source")
KINDS = (
    "plan",
    "strategy",
    "structure",
    "terms",
    "minutes",
    "agenda",
    "scrutiny",
    "consultation",
    "assessment",
    "action_plan",
    "news",
)
STANCES = ("concern", "request", "support", "reported", "decrease")
#: What each predicate may join: subject's types, object's types.
SIGNATURES = {
    "addresses": ({"Priority", "Action", "Plan", "Subgroup"}, {"Issue"}),
    "delivers": ({"Subgroup", "Partnership"}, {"Priority", "Issue", "Plan", "Action"}),
    "leads": (
        {"Partner", "Role", "Subgroup", "Partnership"},
        {"Priority", "Action", "Subgroup", "Issue", "Plan", "Partnership"},
    ),
    "supports": (
        {"Partner", "Role", "Subgroup", "Source", "Partnership"},
        {"Priority", "Action", "Plan", "Issue", "Subgroup"},
    ),
    "member_of": ({"Partner", "Role", "Subgroup", "Source"}, {"Subgroup", "Partnership"}),
    "chairs": ({"Role", "Partner"}, {"Subgroup", "Partnership", "Source"}),
    "raises": ({"Source", "Role", "Partner", "Subgroup", "Partnership"}, {"Issue"}),
    "requests": ({"Source", "Role", "Partner", "Subgroup", "Partnership"}, set()),
    "renames": (
        {"Priority", "Subgroup", "Plan", "Partner", "Partnership", "Action"},
        {"Priority", "Subgroup", "Plan", "Partner", "Partnership", "Action"},
    ),
    "part_of": (
        {"Subgroup", "Priority", "Action", "Partnership", "Plan"},
        {"Partnership", "Plan", "Priority", "Subgroup"},
    ),
}
MENTION = re.compile(r"\{([a-z][a-z0-9]*)(~?)(?::([A-Za-z]+))?\|")
RELATION = re.compile(
    r'^([a-z][a-z0-9]*) ([a-z_]+)(?: ([a-z][a-z0-9]*)| "([^"]+)")(?: about ([a-z][a-z0-9]*))?'
    r"(?: (concern|request|support|reported|decrease))?(\?)?$"
)


@dataclass
class Document:
    head: dict[str, str]
    text: str = ""
    types: dict[str, str] = field(default_factory=dict)
    mentions: list[dict] = field(default_factory=list)
    relations: list[dict] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def parse(path: Path) -> Document:
    """The text without marks, the mentions with their places in it, and the relations with the block that says so."""
    raw = path.read_text(encoding="utf-8")
    found = re.match(r"---\n(.*?)\n---\n", raw, re.DOTALL)
    if not found:
        return Document({}, errors=["no head between lines of ---"])
    document = Document(dict(re.findall(r"^(\w+): *(.*)$", found.group(1), re.MULTILINE)))
    out: list[str] = []
    length = 0
    block = (0, 0)
    rows: list[tuple[int, int]] = []
    for number, line in enumerate(raw[found.end() :].split("\n"), found.group(0).count("\n") + 1):
        if line.startswith(">>"):
            _relations(document, line[2:], block, rows, number)
            continue
        start = length
        plain = _mentions(document, line, start, number)
        out.append(plain)
        length += len(plain) + 1
        if not plain.strip():
            continue
        fresh = (
            start == 0 or not out[-2].strip() or re.match(r"\s*(?:[-*•]|\d+[.)]|#+|<)\s*", plain)
            if len(out) > 1
            else True
        )
        if plain.lstrip().startswith("|"):
            if len(out) < 2 or not out[-2].lstrip().startswith("|"):
                rows = []
            if not re.fullmatch(r"[|:\-\s]*-[|:\-\s]*", plain):
                rows.append((start, start + len(plain)))
            block = (rows[0][0] if rows else start, start + len(plain))
        else:
            block = (start if fresh else block[0], start + len(plain))
    document.text = "\n".join(out)
    for name in ("id", "kind", "format", "split"):
        if not document.head.get(name):
            document.errors.append(f"the head lacks {name}")
    if document.head.get("kind") not in KINDS:
        document.errors.append(f"kind is none of {', '.join(KINDS)}")
    unmarked = {i for i in document.types if not any(m["id"] == i for m in document.mentions)}
    document.errors += [f"{i} is never mentioned" for i in unmarked]
    return document


def _mentions(document: Document, line: str, base: int, number: int) -> str:
    plain, open_marks, at = "", [], 0
    while at < len(line):
        found = MENTION.match(line, at)
        if found:
            name, loose, type_ = found.groups()
            if type_:
                if type_ not in TYPES:
                    document.errors.append(f"line {number}: no type {type_}")
                if document.types.setdefault(name, type_) != type_:
                    document.errors.append(f"line {number}: {name} was {document.types[name]}")
            elif name not in document.types:
                document.errors.append(f"line {number}: {name} has no type yet")
            open_marks.append((name, bool(loose), len(plain)))
            at = found.end()
        elif line[at] == "}" and open_marks:
            name, loose, start = open_marks.pop()
            if not plain[start:].strip():
                document.errors.append(f"line {number}: {name} holds no words")
            document.mentions.append(
                {"id": name, "start": base + start, "end": base + len(plain), "words": plain[start:], "loose": loose}
            )
            at += 1
        else:
            plain += line[at]
            at += 1
    if open_marks:
        document.errors.append(f"line {number}: {open_marks[-1][0]} is not closed (a mention may not run over a line)")
    return plain


def _relations(document: Document, text: str, block: tuple[int, int], rows: list[tuple[int, int]], number: int) -> None:
    span = block
    for part in filter(None, (p.strip() for p in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", text))):
        row = re.match(r"@(\d+)\s*", part)
        if row:
            part = part[row.end() :]
            if int(row.group(1)) >= len(rows):
                document.errors.append(f"line {number}: no body row {row.group(1)}")
            else:
                span = rows[int(row.group(1))]
        found = RELATION.match(part)
        if not found:
            document.errors.append(f"line {number}: not understood: {part}")
            continue
        subject, predicate, object_, words, about, stance, debatable = found.groups()
        if predicate not in SIGNATURES:
            document.errors.append(f"line {number}: no predicate {predicate}")
            continue
        for name in filter(None, (subject, object_, about)):
            if name not in document.types:
                document.errors.append(f"line {number}: {name} is not mentioned before")
        left, right = SIGNATURES[predicate]
        if document.types.get(subject, next(iter(left))) not in left:
            document.errors.append(f"line {number}: a {document.types[subject]} does not {predicate}")
        if object_ and right and document.types.get(object_) not in right | {None}:
            document.errors.append(f"line {number}: {predicate} does not take a {document.types[object_]}")
        if (predicate == "requests") != bool(words):
            document.errors.append(f"line {number}: requests takes words in quotation marks, others an id")
        if (predicate == "raises") != bool(stance):
            document.errors.append(f"line {number}: raises takes a stance, others none")
        if predicate == "part_of" and document.types.get(subject) in ("Priority", "Action", "Plan"):
            predicate = "stands_in"  # what a plan or priority lists; part_of is kept for groups and partnerships
        document.relations.append(
            {
                "s": subject,
                "p": predicate,
                "o": object_,
                "words": words,
                "about": about,
                "stance": stance,
                "optional": bool(debatable),
                "start": span[0],
                "end": span[1],
                "line": number,
            }
        )


def finished(document: Document) -> Document:
    """Check what can only be checked with the whole text at hand."""
    for r in document.relations:
        if r["words"] and " ".join(r["words"].split()) not in " ".join(document.text[r["start"] : r["end"]].split()):
            document.errors.append(f"line {r['line']}: the block does not hold: {r['words']}")
    return document


def gold(document: Document) -> dict:
    """The document's annotation in the form of the evaluation corpus."""
    names: dict[str, list[str]] = {}
    for m in sorted(document.mentions, key=lambda m: m["start"]):
        if not m["loose"] and m["words"] not in names.setdefault(m["id"], []):
            names[m["id"]].append(m["words"])

    def name(i: str) -> str:
        return names.get(i, [next((m["words"] for m in document.mentions if m["id"] == i), i)])[0]

    def rows(type_: str, key: str) -> list[dict]:
        return [{key: name(i), "surface": names[i]} for i, t in document.types.items() if t == type_ and i in names]

    def quote(r: dict) -> str:
        return document.text[r["start"] : r["end"]].strip() if not r["words"] else r["words"]

    firm = {"leads": set(), "delivers": set(), "addresses": set(), "asked": set()}
    soft = {key: set() for key in firm}
    for r in document.relations:
        rows_of = soft if r["optional"] else firm
        if r["p"] in firm:
            rows_of[r["p"]].add(r["o"])
        if r["p"] == "raises" and r["stance"] in ("concern", "request"):
            rows_of["asked"].add(r["o"])
    owned, perhaps_owned = firm["leads"] | firm["delivers"], soft["leads"] | soft["delivers"]
    priorities = [i for i, t in document.types.items() if t == "Priority" and i in names]
    issues = [i for i, t in document.types.items() if t == "Issue" and i in names and i not in firm["addresses"]]
    relations: dict[tuple[str, str, str], dict] = {}  # once each, however often the document says it
    for r in document.relations:
        key = (name(r["s"]), r["p"], r["words"] or name(r["o"]))
        if key not in relations or (relations[key].get("optional") and not r["optional"]):
            relations[key] = {"s": key[0], "p": key[1], "o": key[2], "quote": quote(r)}
            relations[key] |= {"optional": True} if r["optional"] else {}
    result = {
        "id": document.head["id"],
        "kind": document.head["kind"],
        "council": document.head.get("council"),
        "partnership": document.head.get("partnership"),
        "date": document.head.get("date"),
        "priorities": rows("Priority", "name"),
        "issues": rows("Issue", "label"),
        "partners": rows("Partner", "name"),
        "subgroups": rows("Subgroup", "name"),
        "relations": list(relations.values()),
        "questions": [],
        "unowned": [name(i) for i in priorities if i not in owned | perhaps_owned],
        "unowned_optional": [name(i) for i in priorities if i in perhaps_owned - owned],
        "uncovered": [name(i) for i in issues if i in firm["asked"] and i not in soft["addresses"]],
        "uncovered_optional": [
            name(i) for i in issues if i in soft["asked"] - firm["asked"] or i in firm["asked"] & soft["addresses"]
        ],
    }
    for issue in result["issues"]:
        issue["stance"] = sorted(
            {r["stance"] for r in document.relations if r["p"] == "raises" and name(r["o"]) == issue["label"]}
        )
        issue["raised_by"] = sorted(
            {name(r["s"]) for r in document.relations if r["p"] == "raises" and name(r["o"]) == issue["label"]}
        )
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("check", "json", "gold"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--to", type=Path)
    args = parser.parse_args()
    bad, counts, relations, words = 0, Counter(), Counter(), 0
    for path in args.files:
        document = finished(parse(path))
        for error in document.errors:
            print(f"{path.name}: {error}", file=sys.stderr)
        bad += bool(document.errors)
        counts.update(document.types.values())
        relations.update(r["p"] + ("?" if r["optional"] else "") for r in document.relations)
        words += len(document.text.split())
        if document.errors:
            continue
        if args.what == "json":
            print(
                json.dumps(
                    {
                        "head": document.head,
                        "text": document.text,
                        "types": document.types,
                        "mentions": document.mentions,
                        "relations": document.relations,
                    },
                    ensure_ascii=False,
                )
            )
        elif args.what == "gold":
            for folder, name, content in (
                ("docs", f"{document.head['id']}.{document.head['format']}", document.text),
                ("gold", f"{document.head['id']}.json", json.dumps(gold(document), ensure_ascii=False, indent=1)),
            ):
                (args.to / folder).mkdir(parents=True, exist_ok=True)
                (args.to / folder / name).write_text(content, encoding="utf-8")
    print(
        f"{len(args.files)} documents, {bad} with errors, {words} words; "
        f"{sum(relations.values())} relations: {dict(relations)}; {dict(counts)}",
        file=sys.stderr,
    )
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
