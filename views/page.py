"""A page: one HTML file that opens offline and runs only our own scripts.

Every page is made from a template and the style and scripts beside it. What documents say enters it as escaped text or
as JSON, never as markup; its content security policy names each style and script by its hash and allows nothing else,
so that it requests nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..ontology import load_ontology
from ..writing.visible import without_overrides, without_overrides_in_json
from .passages import passages
from .scene import evidence_of, flag_of, gaps_by_rule, proven, relations_of, shown_by
from .wording import counted, counts_something, day_in_words, first_up

if TYPE_CHECKING:
    from jinja2 import Environment


#: How JSON in ASCII writes an override of direction, and little else.
_MAY_TURN = re.compile(r"\\u20(?:2[a-e]|6[6-9])", re.IGNORECASE)


def render(template: str, *, styles: Sequence[str], scripts: Sequence[str] = (), **data: Any) -> str:
    """Return a page.

    Args:
        template: its file in templates/.
        styles: files in static/, one after the other.
        scripts: the same.
        data: what the template speaks of.

    """
    env = environment()
    text = env.get_template(template).render(**assets([static(name) for name in scripts], styles), **data)
    return text.rstrip("\n") + "\n"


def environment() -> Environment:
    """Return what the templates are read and filled with."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    env = Environment(
        loader=FunctionLoader(_template), autoescape=True, newline_sequence="\n", undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    env.policies["json.dumps_function"] = _dumps
    kinds = {name: class_.label for name, class_ in load_ontology().classes.items()}
    env.filters |= {
        "by_rule": gaps_by_rule, "counted": counted, "counts_something": counts_something, "day": day_in_words,
        "evidence": evidence_of, "first_up": first_up, "flag": flag_of, "kind": lambda type_: kinds.get(type_, type_),
        "passages": lambda source, whole: passages(source, whole=whole), "proven": proven, "relations": relations_of,
        "shown": shown_by,
    }  # fmt: skip
    return env


def _shown(value: Any) -> Any:
    """Show characters that would turn the direction of writing as signs, so that words keep their order."""
    return (
        without_overrides(value) if type(value) is str else value
    )  # other kinds of text are our own: markup, or what macros made


def _dumps(value: Any, **settings: Any) -> str:
    """Return JSON in ASCII, whose texts are shown as `_shown` shows them."""
    written = json.dumps(value, **settings)
    if not _MAY_TURN.search(written):
        return written
    return json.dumps(json.loads(without_overrides_in_json(json.dumps(value, ensure_ascii=False))), **settings)


def assets(scripts: Sequence[str], styles: Sequence[str]) -> dict[str, Any]:
    """Return what the base template needs: the texts of scripts and styles, and the policy that allows just these.

    Args:
        scripts: their texts.
        styles: files in static/.

    """
    from markupsafe import Markup

    style = "".join(static(name) for name in styles)
    policy = "; ".join((
        "default-src 'none'", f"script-src {' '.join(map(_hash, scripts)) or _NONE}", f"style-src {_hash(style)}",
        "base-uri 'none'", "form-action 'none'",
    ))  # fmt: skip
    return {"policy": policy, "style": Markup(style), "scripts": [Markup(script) for script in scripts]}


_NONE = "'none'"


def static(name: str) -> str:
    """Return a file of static/, with plain line ends: hashes count them as a browser reads them."""
    return (files(__package__ or "") / "static" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _template(name: str) -> str:
    return (files(__package__ or "") / "templates" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
