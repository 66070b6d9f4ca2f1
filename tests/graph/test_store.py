"""How every store behaves; the same suite runs over each engine."""

from __future__ import annotations

import io
import itertools
import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from graphs import document_of, small_ontology, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.graph import Decision, Store, StoreError, open_store
from goldenthread.graph.exchange import write_jsonl
from goldenthread.graph.file_system import _mount_reason, shared_folder_reason

DOCUMENTS = {
    "a.md": "Priority:parks stands_in Plan:2024-2027\nPriority:parks addresses Issue:noise\nRole:warden leads Priority:parks",
    "b.md": "Source:residents raises/concern Issue:noise\nRole:warden leads Priority:parks",
    "c.md": "Partner:police member_of Subgroup:oak-group\nSource:residents raises/concern Issue:theft",
}


def exported(store: Store) -> bytes:
    file = io.BytesIO()
    write_jsonl(store, file)
    return file.getvalue()


def make(folder: Path, name: str) -> Store:
    store = open_store(str(folder / name), small_ontology(), create=True)
    store.use_vocabulary(small_ontology())
    return store


def test_any_order_of_loading_gives_the_same_bytes(tmp_path: Path) -> None:
    results = set()
    for number, order in enumerate(itertools.permutations(DOCUMENTS)):
        with make(tmp_path, f"{number}.db") as store:
            for path in (*order, order[0]):
                store.replace(document_of(path, DOCUMENTS[path]))
            results.add(exported(store))
    assert len(results) == 1


def test_loading_again_changes_nothing_and_a_new_version_replaces(tmp_path: Path) -> None:
    with make(tmp_path, "s.db") as store:
        assert store.replace(document_of("a.md", DOCUMENTS["a.md"])) == "added"
        assert store.replace(document_of("a.md", DOCUMENTS["a.md"])) == "unchanged"
        assert store.replace(document_of("a.md", "Priority:roads addresses Issue:theft")) == "replaced"
        assert {s.object for s in store.statements()} == {"issue/theft"}
        assert [e.id for e in store.entities() if e.type == "Priority"] == ["oakvale/priority/roads"]


def test_forgetting_a_document_is_as_if_it_had_never_been_loaded(tmp_path: Path) -> None:
    with store_of(tmp_path, {k: DOCUMENTS[k] for k in ("a.md", "c.md")}) as store:
        before = exported(store)
        store.replace(document_of("b.md", DOCUMENTS["b.md"]))
        assert exported(store) != before
        assert store.forget("document/b.md")
        assert not store.forget("document/b.md")
        assert exported(store) == before
        assert store.rows("SELECT count(*) FROM evidence_text WHERE evidence_text MATCH 'residents'") == [(1,)]


_LINES = st.lists(
    st.sampled_from([line for text in DOCUMENTS.values() for line in text.splitlines()]), min_size=1, max_size=5, unique=True
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a.md", "b.md", "c.md"]), _LINES), min_size=1, max_size=6))
def test_only_the_last_version_of_each_document_counts(
    tmp_path_factory: pytest.TempPathFactory, loads: list[tuple[str, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    with make(folder, "long.db") as long, make(folder, "short.db") as short:
        for path, lines in loads:
            long.replace(document_of(path, "\n".join(lines)))
        for path, lines in sorted(dict(loads).items()):
            short.replace(document_of(path, "\n".join(lines)))
        assert exported(long) == exported(short)


def test_the_best_label_of_all_documents_is_shown(tmp_path: Path) -> None:
    from dataclasses import replace

    def named(path: str, label: str, rank: int) -> None:
        graph = document_of(path, "Partner:police")
        store.replace(replace(graph, entities=tuple(replace(e, label=label, rank=rank) for e in graph.entities)))

    with make(tmp_path, "s.db") as store:
        named("a.md", "Police", 0)
        named("b.md", "Westmarch Police", 2)
        assert [e.label for e in store.entities()] == ["Westmarch Police"]
        store.forget("document/b.md")
        assert [e.label for e in store.entities()] == ["Police"]


def test_decisions_are_kept_apart_and_survive_a_reload(tmp_path: Path) -> None:
    with store_of(tmp_path, DOCUMENTS) as store:
        number = store.record(Decision("reject", "a|leads|b|", "it is an old plan", "scrutiny officer"))
        store.forget("document/a.md")
        assert store.decisions()[0][1].reason == "it is an old plan"
        assert store.undo(number)
        assert store.decisions() == []


def test_a_failed_load_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    from dataclasses import replace

    with store_of(tmp_path, DOCUMENTS) as store:
        before = exported(store)
        graph = document_of("d.md", "Priority:roads addresses Issue:noise")
        broken = replace(graph, statements=(replace(graph.statements[0], subject="oakvale/priority/nowhere"),))
        with pytest.raises(StoreError):
            store.replace(broken)
        assert exported(store) == before


def test_a_missing_store_another_file_and_another_database_are_told_apart(tmp_path: Path) -> None:
    ontology = small_ontology()
    with pytest.raises(StoreError, match="There is no store"):
        open_store(str(tmp_path / "none.db"), ontology)
    (tmp_path / "text.db").write_text("this is a letter, not a database " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="not a goldenthread store"):
        open_store(str(tmp_path / "text.db"), ontology)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(StoreError, match="not a goldenthread store"):
        open_store(str(tmp_path / "other.db"), ontology, create=True)
    with pytest.raises(StoreError, match="folder of the store"):
        open_store(str(tmp_path / "no" / "where.db"), ontology, create=True)
    with pytest.raises(StoreError, match="no engine for 'ftp"):
        open_store("ftp://somewhere", ontology)


def test_a_users_query_cannot_change_the_store(tmp_path: Path) -> None:
    with store_of(tmp_path, DOCUMENTS) as store:
        with pytest.raises(StoreError):
            store.columns_and_rows("DELETE FROM statement", 10)
        assert store.columns_and_rows("SELECT count(*) AS n FROM document", 10) == (["n"], [(3,)])


def _load_in_process(path: str, name: str) -> None:
    with open_store(path, small_ontology(), create=True) as store:
        store.use_vocabulary(small_ontology())
        store.replace(document_of(name, DOCUMENTS[name]))


def test_two_processes_may_load_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_load_in_process, args=(path, name)) for name in ("a.md", "b.md")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with open_store(path, small_ontology()) as store:
        assert [d.path for d in store.documents()] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("folder", "shared"),
    [("/home/a/OneDrive - Borough/x.db", True), ("/Users/a/Library/CloudStorage/b/x.db", True), ("/home/a/b/x.db", False)],
)
def test_synchronised_folders_are_known(folder: str, shared: bool) -> None:
    assert bool(shared_folder_reason(Path(folder))) is shared


def test_network_shares_are_known_by_their_file_system() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/share /mnt/share nfs4 rw 0 0\n"
    assert _mount_reason(Path("/mnt/share/x.db"), mounts) == "its file system is nfs4"
    assert _mount_reason(Path("/home/x.db"), mounts) is None
