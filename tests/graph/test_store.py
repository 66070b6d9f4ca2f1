"""How every store behaves; the same suite runs over each engine."""

from __future__ import annotations

import io
import itertools
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from engines import Engine
from graphs import document_of, exported, small_ontology
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Answer, Decision, Store, StoreError, open_store
from goldenthread.graph.engines.query_limits import QueryError
from goldenthread.graph.exchange.copying import Copied, copy, keep_new
from goldenthread.graph.exchange.reading import read_all
from goldenthread.ontology import Concept
from goldenthread.queries.facts import facts
from goldenthread.queries.gaps import find_gaps, rules_named
from goldenthread.queries.owners import owners
from goldenthread.queries.search import search

DOCUMENTS = {
    "a.md": (
        "Priority:parks stands_in Plan:2024-2027\nPriority:parks addresses Issue:noise\n"
        "Role:warden leads Priority:parks"
    ),
    "b.md": "Source:residents raises/concern Issue:noise\nRole:warden leads Priority:parks",
    "c.md": "Partner:police member_of Subgroup:oak-group\nSource:residents raises/concern Issue:theft",
}


def filled(engine: Engine, *paths: str) -> Store:
    """A store that holds some of DOCUMENTS, or all."""
    store = engine.make()
    for path in paths or DOCUMENTS:
        store.replace(document_of(path, DOCUMENTS[path]))
    return store


def test_any_order_of_loading_gives_the_same_bytes(engine: Engine) -> None:
    results = set()
    for order in itertools.permutations(DOCUMENTS):
        with engine.make() as store:
            for path in (*order, order[0]):
                store.replace(document_of(path, DOCUMENTS[path]))
            results.add(exported(store))
    assert len(results) == 1


def test_many_documents_at_once_are_as_one_by_one(engine: Engine) -> None:
    versions = [*DOCUMENTS.items(), ("a.md", "Priority:roads addresses Issue:theft"), ("d.md", "")]
    with engine.make() as store:
        assert list(store.replace_all(document_of(*version) for version in versions)) == [
            "added",
            "added",
            "added",
            "replaced",
            "added",
        ]
        found = exported(store)
    with engine.make() as store:
        assert [store.replace(document_of(*version)) for version in versions[1:]] == [
            "added",
            "added",
            "added",
            "added",
        ]
        assert exported(store) == found


def test_a_document_that_is_refused_among_many_costs_no_other(engine: Engine) -> None:
    good, bad = document_of("a.md", DOCUMENTS["a.md"]), document_of("b.md", DOCUMENTS["b.md"])
    with engine.make() as store:
        changes = store.replace_all([good, replace(bad, entities=())])
        assert next(changes) == "added"
        with pytest.raises(StoreError, match=r"b\.md states something of"):
            next(changes)
        assert [d.path for d in store.documents()] == ["a.md"]


def test_loading_again_changes_nothing_and_a_new_version_replaces(engine: Engine) -> None:
    with engine.make() as store:
        assert store.replace(document_of("a.md", DOCUMENTS["a.md"])) == "added"
        assert store.replace(document_of("a.md", DOCUMENTS["a.md"])) == "unchanged"
        assert store.replace(document_of("a.md", "Priority:roads addresses Issue:theft")) == "replaced"
        assert {s.object for s in store.statements()} == {"issue/theft"}
        assert [e.id for e in store.entities() if e.type == "Priority"] == ["oakvale/priority/roads"]


DOUBTFUL = {
    "a.md": "Role:warden leads? Priority:parks\nPriority:parks stands_in Plan:2024-2027",
    "b.md": "Role:warden leads Priority:parks",
}


def leading(store: Store, *, suggested: bool) -> list[tuple[str, str, list[str]]]:
    """Who leads what, stated or only suggested: the leader, the status and the documents that say so."""
    found = facts(store, small_ontology(), ["oakvale"], predicates=["leads"], suggested=suggested)
    return [(f.subject.label, f.status, [e.document for e in f.evidence]) for f in found]


def test_what_is_only_suggested_is_no_fact_and_is_kept_apart(engine: Engine) -> None:
    with engine.make() as store:
        store.replace(document_of("a.md", DOUBTFUL["a.md"]))
        (_, led) = store.statements()
        assert (led.predicate, led.status, led.probability, led.stated_by) == ("leads", "suggested", 0.4, ())
        assert leading(store, suggested=False) == []
        assert leading(store, suggested=True) == [("warden", "suggested", ["document/a.md"])]
        assert owners(store, small_ontology(), "oakvale/priority/parks").state == "broken"
        assert [hit.fact.status for hit in search(store, small_ontology(), "warden").hits] == ["suggested"]


def test_what_one_document_suggests_another_may_state(engine: Engine) -> None:
    with engine.make() as store:
        for path, lines in DOUBTFUL.items():
            store.replace(document_of(path, lines))
        led = next(s for s in store.statements() if s.predicate == "leads")
        assert (led.status, led.probability, [e.suggested for e in led.evidence]) == ("extracted", 0.9, [True, False])
        assert leading(store, suggested=False) == [("warden", "extracted", ["document/b.md"])]
        assert owners(store, small_ontology(), "oakvale/priority/parks").state == "whole"
        assert [s.status for s in store.graph_of("document/a.md").statements if s.predicate == "leads"] == ["suggested"]
        store.forget("document/b.md")
        assert [s.status for s in store.statements() if s.predicate == "leads"] == ["suggested"]
        store.forget("document/a.md")
        assert (list(store.statements()), list(store.entities())) == ([], [])


def test_who_read_the_words_stays_with_them(engine: Engine) -> None:
    read = document_of("b.md", DOUBTFUL["b.md"])
    (said,) = read.statements
    words = (said.evidence[0], replace(said.evidence[0], reader="llm:small"))
    with engine.make() as store:
        store.replace(replace(read, statements=(replace(said, evidence=words),)))
        (kept,) = store.statements()
        assert sorted(e.reader for e in kept.evidence) == ["llm:small", "rules"]


def test_a_document_keeps_where_its_pages_begin(engine: Engine) -> None:
    with filled(engine, "a.md") as store:
        (document,) = store.documents()
        second = len("Priority:parks stands_in Plan:2024-2027") + 1
        assert [document.place_at(offset) for offset in (0, second - 1, second)] == ["page 1", "page 1", "page 2"]
        assert store.graph_of(document.id).document.places == document.places


def test_forgetting_a_document_is_as_if_it_had_never_been_loaded(engine: Engine) -> None:
    with filled(engine, "a.md", "c.md") as store:
        before = exported(store)
        store.replace(document_of("b.md", DOCUMENTS["b.md"]))
        assert exported(store) != before
        assert store.forget("document/b.md")
        assert not store.forget("document/b.md")
        assert exported(store) == before
        assert len(search(store, small_ontology(), "residents").hits) == 1


_LINES = st.lists(
    st.sampled_from([line for text in DOCUMENTS.values() for line in text.splitlines()]), min_size=1, max_size=5,
    unique=True
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a.md", "b.md", "c.md"]), _LINES), min_size=1, max_size=6))
def test_only_the_last_version_of_each_document_counts(engine: Engine, loads: list[tuple[str, list[str]]]) -> None:
    found = []
    for versions in (loads, sorted(dict(loads).items())):
        with engine.make() as store:
            for path, lines in versions:
                store.replace(document_of(path, "\n".join(lines)))
            found.append(exported(store))
    assert found[0] == found[1]


def test_the_best_label_of_all_documents_is_shown(engine: Engine) -> None:
    def named(path: str, label: str, rank: int) -> None:
        graph = document_of(path, "Partner:police")
        store.replace(replace(graph, entities=tuple(replace(e, label=label, rank=rank) for e in graph.entities)))

    with engine.make() as store:
        named("a.md", "Police", 0)
        named("b.md", "Westmarch Police", 2)
        assert [e.label for e in store.entities()] == ["Westmarch Police"]
        store.forget("document/b.md")
        assert [e.label for e in store.entities()] == ["Police"]


def test_decisions_are_kept_apart_and_survive_a_reload(engine: Engine) -> None:
    with filled(engine) as store:
        number = store.record(Decision("reject", "a|leads|b|", "it is an old plan", "scrutiny officer"))
        store.forget("document/a.md")
        assert store.decisions()[0][1].reason == "it is an old plan"
        assert store.undo(number)
        assert store.decisions() == []


def test_a_failed_load_leaves_the_store_as_it_was(engine: Engine) -> None:
    with filled(engine) as store:
        before = exported(store)
        graph = document_of("d.md", "Priority:roads addresses Issue:noise")
        broken = replace(graph, statements=(replace(graph.statements[0], subject="oakvale/priority/nowhere"),))
        with pytest.raises(StoreError):
            store.replace(broken)
        assert exported(store) == before


#: What would change the store, what is wrong (with a word that the engine's own message holds), and what counts the
#: documents.
QUERIES = {
    "sql": (
        ("DELETE FROM statement", "PRAGMA user_version = 9", "CREATE TABLE t (x)"),
        (
            ("SELECT label FROM entities", "entities"), ("SELECT nobody FROM entity", "nobody"), ("SELEKT 1", "SELEKT"),
            ("SELECT 1; SELECT 2", "one query at a time"), ("SELECT ?", "binding"), ("SELECT '\ud800'", "no text"),
            ("SELECT \0", "no text"),
            ("SELECT json('{')", "JSON"),
        ),
        "SELECT count(*) AS n FROM document",
    ),
    "cypher": (
        ("MATCH (n) DETACH DELETE n", "CREATE (:X)", "CREATE INDEX x FOR (n:X) ON (n.y)"),
        (
            ("MATCH (n RETURN n", "RETURN"), ("RETURN nobody", "nobody"), ("RETURN 1 / 0", "zero"),
            ("RETURN $given", "given"), ("CALL no.such()", "no.such"), ("RETURN toInteger([1])", "toInteger"),
            ("MATCH (d:Document) CALL (d) { RETURN 1 AS x } IN TRANSACTIONS RETURN x", "TransactionApply"),
        ),
        "MATCH (d:Document) RETURN count(d) AS n",
    ),
}  # fmt: skip


def test_a_users_query_cannot_change_the_store(engine: Engine) -> None:
    with filled(engine) as store:
        changes, _, count = QUERIES[store.language]
        for change in changes:
            with pytest.raises(QueryError):
                store.columns_and_rows(change, 10)
            assert store.columns_and_rows(count, 10) == (["n"], [(3,)])


def test_a_users_query_that_is_wrong_is_no_fault_of_the_store(engine: Engine) -> None:
    with filled(engine) as store:
        _, wrong, count = QUERIES[store.language]
        for query, word in wrong:
            with pytest.raises(QueryError, match=word) as refused:
                store.columns_and_rows(query, 10)
            assert (refused.value.exit_code, "The store" in str(refused.value)) == (2, False)
        assert store.columns_and_rows(count, 10) == (["n"], [(3,)])


def test_a_vocabulary_that_changes_leaves_nothing_of_the_old_one(engine: Engine) -> None:
    old = small_ontology()
    graffiti, walls = old.concepts["graffiti"], Concept("walls", "walls", "An invented issue.", broader=("graffiti",))
    new = replace(
        old,
        concepts={k: v for k, v in old.concepts.items() if k != "noise"}
        | {"graffiti": replace(graffiti, broader=()), "walls": walls},
    )
    found = []
    for vocabularies in ((new,), (old, new)):
        with engine.make(vocabularies[0]) as store:
            for vocabulary in vocabularies:
                store.use_vocabulary(vocabulary)
            store.replace(
                document_of("a.md", DOCUMENTS["a.md"] + "\nSource:residents raises/concern Issue:walls", ontology=new)
            )
            found.append((exported(store), find_gaps(store, new, rules_named(()))))
    assert found[0] == found[1]


def test_a_copy_is_the_same_graph_however_often_it_is_made(engine: Engine, tmp_path: Path) -> None:
    with filled(engine) as store, open_store(str(tmp_path / "copy.db"), small_ontology(), create=True) as target:
        store.record(Decision("reject", "a|leads|b|", "it is an old plan", "scrutiny officer"))
        target.replace(document_of("b.md", DOCUMENTS["a.md"]))
        assert copy(store, target, small_ontology()) == Copied(3, 0, 1, 0)
        assert copy(store, target, small_ontology()) == Copied(0, 3, 0, 0)
        assert exported(target) == exported(store)
        before = [store.graph_of(d.id) for d in store.documents()]
        assert [target.graph_of(d.id) for d in target.documents()] == before
        store.forget("document/a.md")
        assert copy(target, store, small_ontology()) == Copied(1, 2, 0, 0)
        assert [store.graph_of(d.id) for d in store.documents()] == before


def _load_in_process(address: str, name: str, version: int) -> None:
    with open_store(address, small_ontology(), create=True) as store:
        store.use_vocabulary(small_ontology())
        store.replace(document_of(name, DOCUMENTS[name] + f"\nPartner:partner-{version}"))


@pytest.mark.parametrize("names", [("a.md", "b.md", "c.md"), ("b.md", "b.md", "b.md")], ids=["different", "the same"])
def test_processes_may_load_at_once(engine: Engine, names: tuple[str, ...]) -> None:
    """Different documents all arrive; of the same one, one version wins."""
    engine.make().close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_load_in_process, args=(engine.address, name, n)) for n, name in enumerate(names)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with open_store(engine.address, small_ontology()) as store:
        found = exported(store)
        assert [d.path for d in store.documents()] == sorted(set(names))
    possible = []
    for version in range(len(names)):
        with engine.make() as store:
            for n, name in enumerate(names):
                if len(set(names)) > 1 or n == version:
                    store.replace(document_of(name, DOCUMENTS[name] + f"\nPartner:partner-{n}"))
            possible.append(exported(store))
    assert found in possible


# ------------------------------------------------------------------------------------------------------- answers


def answer_to(prompt: str, document: str = "a.md", model: str = "small", **more: object) -> Answer:
    """An answer about a document of DOCUMENTS, as it stands there."""
    of = document_of(document, DOCUMENTS[document]).document
    return replace(Answer(of.id, prompt, model, of.sha256, f"the answer of {model} to {prompt}"), **more)  # type: ignore[arg-type]


def test_answers_are_kept_by_document_prompt_and_model(engine: Engine) -> None:
    with filled(engine) as store:
        kept = [answer_to("1"), answer_to("1", model="large"), answer_to("2", whole=False), answer_to("1", "b.md")]
        for answer in reversed(kept):
            store.keep_answer(answer)
        assert store.answers() == sorted(kept)
        assert store.answers("document/b.md") == [answer_to("1", "b.md")]
        store.keep_answer(answer_to("1", text="another answer"))
        assert store.answers("document/a.md") == sorted([answer_to("1", text="another answer"), *kept[1:3]])


def test_answers_may_come_before_their_document(engine: Engine) -> None:
    with engine.make() as store:
        store.keep_answer(answer_to("1"))
        store.replace(document_of("a.md", DOCUMENTS["a.md"]))
        assert store.answers() == [answer_to("1")]


def test_a_forgotten_document_takes_its_answers_along(engine: Engine) -> None:
    with filled(engine) as store:
        for answer in (answer_to("1"), answer_to("1", "b.md")):
            store.keep_answer(answer)
        assert store.forget("document/a.md")
        assert store.answers() == [answer_to("1", "b.md")]


def test_answers_without_a_document_can_be_forgotten(engine: Engine) -> None:
    with engine.make() as store:
        store.keep_answer(answer_to("1"))
        assert store.forget("document/a.md")
        assert store.answers() == []
        assert not store.forget("document/a.md")


def test_a_new_version_of_a_document_drops_the_answers_about_the_old_one(engine: Engine) -> None:
    new = document_of("a.md", "Priority:roads addresses Issue:theft")
    with filled(engine) as store:
        fresh = answer_to("2", sha256=new.document.sha256)
        for answer in (answer_to("1"), answer_to("1", "b.md"), fresh):
            store.keep_answer(answer)
        store.replace(new)
        assert store.answers() == [fresh, answer_to("1", "b.md")]


def test_the_same_version_of_a_document_keeps_its_answers_however_it_is_read(engine: Engine) -> None:
    graph = document_of("a.md", DOCUMENTS["a.md"])
    with filled(engine) as store:
        store.keep_answer(answer_to("1"))
        assert store.replace(replace(graph, document=replace(graph.document, reader="another"))) == "replaced"
        assert store.answers() == [answer_to("1")]


def test_answers_to_other_prompts_are_pruned(engine: Engine) -> None:
    with filled(engine) as store:
        for answer in (answer_to("1"), answer_to("2"), answer_to("2", model="large"), answer_to("2", "b.md")):
            store.keep_answer(answer)
        assert store.prune_answers("document/a.md", ["1"]) == 2
        assert store.answers() == [answer_to("1"), answer_to("2", "b.md")]


def test_answers_are_exported_copied_and_imported(engine: Engine, tmp_path: Path) -> None:
    answers = [answer_to("0123456789ab"), answer_to("0123456789ab", "b.md", whole=False)]
    with filled(engine) as store:
        for answer in answers:
            store.keep_answer(answer)
        store.keep_answer(answer_to("fedcba987654", "c.md", sha256="of another version"))
        data = exported(store)
        with open_store(str(tmp_path / "copy.db"), small_ontology(), create=True) as target:
            assert copy(store, target, small_ontology()).answers == 3
            assert copy(store, target, small_ontology()).answers == 0
            assert exported(target) == data
    found = read_all(io.BytesIO(data), small_ontology())
    assert found.answers == answers
    with engine.make() as store:
        for graph in found.graphs:
            store.replace(graph)
        assert keep_new(store, found.answers) == 2
        assert exported(store) == data
