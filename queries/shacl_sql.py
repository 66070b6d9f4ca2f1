"""Compiles gap rules from SHACL to SQL: one query for each rule, scoped to one partnership.

A shape becomes a condition on one thing, a path a chain of joins that starts at that thing. The chain keeps its order
(CROSS JOIN), because SQLite's planner picks worse ones. Where a path runs over `broader`, the closure table is joined
instead; any other repetition is a recursive query.

Values in a query are numbers of entities, or, where a path ends at something that is no entity, texts: 'body/police'
for a kind of body, '"' and the text for a plain text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from ..graph.store import SUGGESTED
from ..ontology import Ontology, OntologyError
from ..ontology.shapes import (
    BOARD_KIND,
    Alternative,
    GapRule,
    Inverse,
    Need,
    Path,
    PropertyShape,
    Sequence,
    Step,
    Target,
    Term,
    ZeroOrMore,
)
from .compiled import SHARED, CompiledRule
from .shacl_compiler import ShapeCompiler, any_of

#: What stands in every query: the things in force, and the priorities of earlier plans.
_WITH = """WITH
in_force (id) AS MATERIALIZED (SELECT value FROM json_each(:in_force)),
priorities (id) AS MATERIALIZED (SELECT value FROM json_each(:priorities)),
former (id) AS MATERIALIZED (SELECT value FROM json_each(:former))"""


def to_sql(rule: GapRule, ontology: Ontology, *, suggested: bool = False) -> CompiledRule:
    """Return `rule` as SQL; with `suggested`, what is only suggested counts too.

    Raises:
        OntologyError: the rule names a class or relation that does not exist, or one that cannot stand where it does.

    """
    return _Compiler(ontology, suggested).rule(rule)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The values at the end of a path: the tables joined so far, what they must fulfil, and the column of the value."""

    value: str
    tables: str = ""
    where: tuple[str, ...] = ()
    statement: str | None = None  #: the statement behind the last step

    def join(self, table: str, *where: str) -> _Chain:
        tables = f"{self.tables} CROSS JOIN {table}" if self.tables else table
        return replace(self, tables=tables, where=self.where + where)

    def select(self, what: str, *where: str) -> str:
        tables = f" FROM {self.tables}" if self.tables else ""
        conditions = [w for w in (*self.where, *where) if w]
        return f"SELECT {what}{tables}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A relation as a table; {t} stands for the table's alias."""

    table: str
    subject: str
    object: str
    where: tuple[str, ...] = ()

    @property
    def is_statement(self) -> bool:
        return self.table == "statement"


class _Compiler(ShapeCompiler[_Chain]):
    """Compiles one rule; collects the parameters of its queries."""

    true = "1"

    def __init__(self, ontology: Ontology, suggested: bool) -> None:
        self._ontology = ontology
        self._signs = {"predicate": 1} | ({"suggested": SUGGESTED} if suggested else {})
        self._parameters: dict[str, int | str] = {}
        self._aliases = 0

    # ----------------------------------------------------------------------------------------------- whole rules

    def rule(self, rule: GapRule) -> CompiledRule:
        needs = " OR ".join(self._need(need) for need in rule.needs) or "1"
        focus = " UNION ".join(self._target(target) for target in rule.targets)
        parts = [self._conforms(replace(rule.shape, properties=()), "focus.id")]
        parts += [self._property(shape, "focus.id") for shape in rule.shape.properties]
        gaps = [
            f"SELECT {number}, id FROM focus WHERE (SELECT met FROM needs) AND NOT ({condition})"
            for number, condition in enumerate(parts)
            if condition
        ]
        lines = [
            f"{_WITH},\nneeds (met) AS MATERIALIZED (SELECT {needs}),\nfocus (id) AS MATERIALIZED ({focus})",
            "SELECT 'checked', met FROM needs",
            "UNION ALL SELECT 'all', count(*) FROM focus",
            *(f"UNION ALL {gap}" for gap in gaps),
        ]
        names = None if rule.names is None else self._names(rule.names)
        evidence = "\nUNION ".join(self._evidence(path) for path in rule.shown_by)
        return CompiledRule("\n".join(lines), self._parameters, names, f"{_WITH}\n{evidence}" if evidence else None)

    def _need(self, need: Need) -> str:
        if need.shape is not None:
            among = self._target(Target("class", need.name))
            return f"EXISTS (SELECT 1 FROM ({among}) x WHERE {self._conforms(need.shape, 'x.id') or '1'})"
        if self._is_relation(need.name):
            edge, t = self._edge(need.name), self._alias()
            return f"EXISTS (SELECT 1 FROM {edge.table} {t}{_where(w.format(t=t) for w in edge.where)})"
        return f"EXISTS ({self._target(Target('class', need.name))})"

    def _target(self, target: Target) -> str:
        if target.kind == "class":
            return self._things(target.name)
        edge, t = self._edge(target.name), self._alias()
        column = edge.subject if target.kind == "subjects" else edge.object
        if target.kind == "objects" and target.name in ("kind", "deadline"):
            raise OntologyError(
                f"A rule cannot be aimed at the values of gt:{target.name}: they are no things of the graph."
            )
        return (
            f"SELECT DISTINCT +{column.format(t=t)} AS id "
            f"FROM {edge.table} {t}{_where(w.format(t=t) for w in edge.where)}"
        )

    def _things(self, name: str) -> str:
        if name == "CommitmentInForce":
            return "SELECT id FROM in_force"
        if name == "PriorityInForce":
            return "SELECT id FROM priorities"
        type_ = self._type(name)
        own = f"SELECT id FROM entity WHERE partnership = :partnership AND type = {type_}"
        if name == "Partnership":
            return f"{own} UNION SELECT :itself"
        if name in SHARED:
            return (
                f"SELECT e.id FROM entity e WHERE e.partnership IS NULL AND e.type = {type_} AND (e.vocabulary OR "
                "EXISTS (SELECT 1 FROM naming n CROSS JOIN document d ON d.id = n.document WHERE n.entity = e.id "
                "AND d.partnership = :partnership))"
            )
        return own

    def _names(self, shape: PropertyShape) -> str:
        chain = self._follow(shape.path, _Chain("f.value", "json_each(:focus) f"))
        where = [] if shape.qualified is None else [self._conforms(shape.qualified, chain.value)]
        values = chain.select(f"DISTINCT f.value AS focus, {chain.value} AS v", *where)
        return f"{_WITH}\nSELECT x.focus, x.v, e.label FROM ({values}) x LEFT JOIN entity e ON e.id = x.v"

    def _evidence(self, path: Path) -> str:
        chain = self._follow(path, _Chain("f.value", "json_each(:focus) f"))
        if chain.statement is None or "json_each(:focus) f" not in chain.tables:
            raise OntologyError(
                "A gt:shownBy path must end with a relation that documents state, and may only repeat gt:broader."
            )
        chain = chain.join("evidence v", f"v.statement = {chain.statement}").join("document d", "d.id = v.document")
        return chain.select('f.value, d.key, v.start, v."end", v.quote, v.cue, v.probability')

    # ---------------------------------------------------------------------------------------------------- shapes

    def _equals(self, value: str, term: Term) -> str:
        return f"{value} IS {self._term(term)}"

    def _values_of(self, path: Path, thing: str) -> _Chain:
        return self._follow(path, _Chain(thing))

    def _exists(self, values: _Chain, where: str) -> str:
        return f"EXISTS ({values.select('1', where)})"

    def _number(self, values: _Chain, where: str) -> str:
        return f"({values.select(f'count(DISTINCT {values.value})', where)})"

    def _in_class(self, name: str, thing: str) -> str:
        if name == "CommitmentInForce":
            # The sign keeps the planner from looking up every thing in force in turn, where a few rows need checking.
            return f"+{thing} IN (SELECT id FROM in_force)"
        if name == "PriorityInForce":
            return f"+{thing} IN (SELECT id FROM priorities)"
        t = self._alias()
        typed = f"EXISTS (SELECT 1 FROM entity {t} WHERE {t}.id = {thing} AND {t}.type = {self._type(name)})"
        return f"({thing} = :itself OR {typed})" if name == "Partnership" else typed

    # ----------------------------------------------------------------------------------------------------- paths

    def _follow(self, path: Path, start: _Chain, back: bool = False) -> _Chain:
        """Return the chain that goes from `start` along `path`, from its end to its start when `back`."""
        match path:
            case Step(relation):
                return self._step(relation, start, back)
            case Inverse(inner):
                return self._follow(inner, start, not back)
            case Sequence(paths):
                for inner in reversed(paths) if back else paths:
                    start = self._follow(inner, start, back)
                return start
            case Alternative(paths):
                ways = (self._follow(inner, start, back) for inner in paths)
                return self._wrapped(" UNION ".join(way.select(f"{way.value} AS v") for way in ways))
            case ZeroOrMore(Step("broader")):
                return self._broader(start, back)
            case ZeroOrMore(Inverse(Step("broader"))):
                return self._broader(start, not back)
            case ZeroOrMore(Step("board_of") | Inverse(Step("board_of")) as inner):
                # Boards have no boards: following it once is following it any number of times, and needs no recursion.
                once = self._follow(inner, start, back)
                return self._wrapped(f"{start.select(f'{start.value} AS v')} UNION {once.select(f'{once.value} AS v')}")
            case ZeroOrMore(inner):
                r = self._alias()
                turns = [self._follow(way, _Chain(f"{r}.v", r), back) for way in _ways(inner)]
                steps = " UNION ".join(
                    [start.select(f"{start.value} AS v"), *(turn.select(turn.value) for turn in turns)]
                )
                return self._wrapped(f"WITH RECURSIVE {r} (v) AS ({steps}) SELECT v FROM {r}")
        raise OntologyError(f"The path {path} is not supported.")

    def _wrapped(self, query: str) -> _Chain:
        t = self._alias()
        return _Chain(f"{t}.v", f"({query}) {t}")

    def _step(self, relation: str, start: _Chain, back: bool) -> _Chain:
        edge, t = self._edge(relation), self._alias()
        here, there = (edge.object, edge.subject) if back else (edge.subject, edge.object)
        conditions = [f"{here.format(t=t)} = {start.value}", *(w.format(t=t) for w in edge.where)]
        statement = f"{t}.id" if edge.is_statement else None
        return replace(start.join(f"{edge.table} {t}", *conditions), value=there.format(t=t), statement=statement)

    def _broader(self, start: _Chain, back: bool) -> _Chain:
        """Join the closure; what is no issue has no row in it, and reaches only itself."""
        t = self._alias()
        here, there = ("broad", "narrow") if back else ("narrow", "broad")
        tables = f"{start.tables or '(SELECT 1)'} LEFT JOIN broader {t} ON {t}.{here} = {start.value}"
        return _Chain(f"coalesce({t}.{there}, {start.value})", tables, start.where)

    # ------------------------------------------------------------------------------------------------- relations

    def _is_relation(self, name: str) -> bool:
        return name not in self._ontology.classes and name not in ("CommitmentInForce", "PriorityInForce")

    def _edge(self, name: str) -> _Edge:
        relation = self._ontology.relations.get(name)
        narrower: list[tuple[str, str | None]] = [(name, None)] if relation else self._ontology.narrower_relations(name)
        scope = "{t}.partnership = :partnership"
        match name:
            case "broader":
                return _Edge("broader", "{t}.narrow", "{t}.broad", ("{t}.steps = 1",))
            case "requires":
                return _Edge("requires", "{t}.duty", "{t}.issue")
            case "kind":
                return _Edge("entity", "{t}.id", "'body/' || {t}.kind", (scope, "{t}.kind IS NOT NULL"))
            case "board_of":
                kind = self._parameter("board", BOARD_KIND)
                return _Edge(
                    "entity",
                    "{t}.id",
                    ":itself",
                    (scope, f"{{t}}.type = {self._type('Subgroup')}", f"{{t}}.kind = {kind}"),
                )
            case "deadline":
                return self._deadline()
            case "formerly_addressed_by":
                where = (scope, self._stated("addresses"), "+{t}.subject IN (SELECT id FROM former)")
                return _Edge("statement", "{t}.object", "{t}.subject", where)
            case "differs_on_owner":
                return _Edge("statement", "{t}.object", "{t}.subject", (scope, self._stated("leads"), self._differs()))
        if not narrower:
            raise OntologyError(f"A gap rule speaks of gt:{name}, which is no class or relation. Correct the name.")
        return _Edge("statement", "{t}.subject", "{t}.object", (scope, self._stated_any(narrower)))

    def _deadline(self) -> _Edge:
        """Attributes are kept for each document, as a JSON list of pairs."""
        table = (
            "(SELECT e.id AS id, '\"' || json_extract(a.value, '$[1]') AS v FROM entity e CROSS "
            "JOIN naming n ON n.entity = e.id CROSS JOIN json_each(n.attributes) a "
            f"WHERE e.partnership = :partnership AND e.type = {self._type('Action')} AND json_extract(a.value, "
            "'$[0]') = 'deadline')"
        )
        return _Edge(table, "{t}.id", "{t}.v")

    def _differs(self) -> str:
        """Return the condition that another document names leaders, but not this one."""
        o, theirs, same, ours = self._alias(), self._alias(), self._alias(), self._alias()
        return (
            f"EXISTS (SELECT 1 FROM statement {o} CROSS JOIN evidence {theirs} ON {theirs}.statement = {o}.id "
            f"WHERE {o}.partnership = :partnership AND {o}.object = {{t}}.object "
            f"AND {self._stated('leads').format(t=o)} AND {o}.subject <> {{t}}.subject AND NOT EXISTS (SELECT 1 "
            f"FROM statement {same} CROSS JOIN evidence {ours} ON {ours}.statement = {same}.id "
            f"WHERE {same}.partnership = :partnership AND {same}.object = {{t}}.object "
            f"AND {self._stated('leads').format(t=same)} AND {same}.subject = {{t}}.subject "
            f"AND {ours}.document = {theirs}.document))"
        )

    def _stated_any(self, relations: list[tuple[str, str | None]]) -> str:
        plain = sorted(name for name, stance in relations if stance is None)
        ways = [self._stated(*plain)] if plain else []
        for name in sorted({name for name, stance in relations if stance is not None}):
            stances = sorted(stance for other, stance in relations if other == name and stance is not None)
            numbers = ", ".join(self._parameter(f"stance_{s}", self._ontology.stances[s]) for s in stances)
            ways.append(f"{self._stated(name)} AND {{t}}.stance IN ({numbers})")
        return ways[0] if len(ways) == 1 else any_of(ways)

    def _stated(self, *names: str) -> str:
        known = self._ontology.relations
        numbers = [
            self._parameter(f"{word}_{name}", sign * known[name].number)
            for name in names
            for word, sign in self._signs.items()
        ]
        return f"{{t}}.predicate = {numbers[0]}" if len(numbers) == 1 else f"{{t}}.predicate IN ({', '.join(numbers)})"

    def _type(self, name: str) -> str:
        if name not in self._ontology.classes:
            raise OntologyError(f"A gap rule speaks of gt:{name}, which is no class. Correct the name.")
        return self._parameter(f"type_{name}", self._ontology.classes[name].number)

    def _term(self, term: Term) -> str:
        if term.literal:
            return self._parameter(f"term_{len(self._parameters)}", f'"{term.text}')
        name = self._parameter(f"term_{len(self._parameters)}", term.text)
        return name if term.text.startswith("body/") else f"(SELECT id FROM entity WHERE key = {name})"

    def _parameter(self, name: str, value: int | str) -> str:
        self._parameters[name] = value
        return f":{name}"

    def _alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"


def _ways(path: Path, in_sequence: bool = False) -> list[Path]:
    """Return the different ways of one turn of a repetition.

    A recursive query takes each as a term, without subqueries.
    """
    match path:
        case Alternative(paths):
            return [way for inner in paths for way in _ways(inner, in_sequence)]
        case Inverse(inner):
            return [Inverse(way) for way in _ways(inner, in_sequence)]
        case Sequence(paths):
            return [Sequence(ways) for ways in product(*(_ways(inner, len(paths) > 1) for inner in paths))]
        case ZeroOrMore(Step("broader")) | ZeroOrMore(Inverse(Step("broader"))):
            return [path]
        case ZeroOrMore(inner):
            if in_sequence:
                raise OntologyError(
                    "A sh:zeroOrMorePath within a repeated sequence is not supported. Write the path without it."
                )
            return _ways(inner)  # to repeat a repetition is to repeat what it repeats
    return [path]


def _where(conditions: Iterable[str]) -> str:
    text = " AND ".join(conditions)
    return f" WHERE {text}" if text else ""
