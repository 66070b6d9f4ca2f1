"""What only the embedded store has to do: tell files apart, and know on which disks it stands."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from graphs import document_of, small_ontology

from goldenthread.graph import StoreError, open_store
from goldenthread.graph.engines import sqlite_file, sqlite_schema
from goldenthread.graph.file_system import _mount_reason, shared_folder_reason


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


@pytest.mark.parametrize(
    ("folder", "shared"),
    [
        ("/home/a/OneDrive - Borough/x.db", True),
        ("/Users/a/Library/CloudStorage/b/x.db", True),
        ("/home/a/b/x.db", False),
    ],
)
def test_synchronised_folders_are_known(folder: str, shared: bool) -> None:
    assert bool(shared_folder_reason(Path(folder))) is shared


def test_network_shares_are_known_by_their_file_system() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/share /mnt/share nfs4 rw 0 0\n"
    assert _mount_reason(Path("/mnt/share/x.db"), mounts) == "its file system is nfs4"
    assert _mount_reason(Path("/home/x.db"), mounts) is None


def test_without_a_log_reader_and_writer_wait_for_one_another_and_then_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_PATIENCE", 0.1)
    folder = tmp_path / "OneDrive - Borough"
    folder.mkdir()
    address, ontology = str(folder / "s.db"), small_ontology()
    with open_store(address, ontology, create=True) as reader, open_store(address, ontology) as writer:
        writer.replace(document_of("a.md", "Partner:police"))
        with reader.reading():
            with pytest.raises(StoreError, match=r"in use by another program\. Wait for it to finish"):
                writer.replace(document_of("b.md", "Partner:police"))
            assert [d.path for d in reader.documents()] == ["a.md"]
        assert writer.replace(document_of("b.md", "Partner:police")) == "added"
        with sqlite3.connect(address, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            with (
                pytest.raises(StoreError, match=r"in use by another program\. Wait for it to finish"),
                reader.reading(),
            ):
                pass
        other.close()


def test_a_damaged_store_is_no_fault_of_the_users_query(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with open_store(str(path), small_ontology(), create=True) as store:
        store.use_vocabulary(small_ontology())
    with sqlite3.connect(path) as other:
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entity'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    other.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    with open_store(str(path), small_ontology()) as store, pytest.raises(StoreError, match="is damaged"):
        store.columns_and_rows("SELECT * FROM entity", 10)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_store_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_it_holds(
    tmp_path: Path, version: int
) -> None:
    path, likely = tmp_path / "old.db", "confidence" if version < 3 else "probability"
    with sqlite3.connect(path) as db:
        for number in range(1, version + 1):
            db.executescript((files("goldenthread.graph.engines") / f"schema_{number}.sql").read_text(encoding="utf-8"))
        db.executescript(f"""
            PRAGMA application_id = {sqlite_schema.APPLICATION_ID}; PRAGMA user_version = {version};
            INSERT INTO partnership (key, label) VALUES ('oakvale', 'Oakvale');
            INSERT INTO document (key, path, sha256, title, kind, partnership, partnership_label, reader, places)
            VALUES ('document/a.md', 'a.md', '', 'a', 'plan', 1, 'Oakvale', '', '[]');
            INSERT INTO entity (key, type, label, partnership)
            VALUES ('oakvale/role/warden', 7, 'warden', 1), ('oakvale/priority/parks', 3, 'parks', 1);
            INSERT INTO naming
            VALUES (1, 1, 'warden', 1, NULL, NULL, NULL, '[]'), (2, 1, 'parks', 1, NULL, NULL, NULL, '[]');
            INSERT INTO statement (partnership, subject, predicate, object) VALUES (1, 1, 3, 2);
            INSERT INTO evidence (statement, document, start, "end", quote, cue, {likely}, assumed)
            VALUES (1, 1, 0, 1, 'w', 'leads', 0.8, 0);
        """)
    db.close()
    with open_store(str(path), small_ontology()) as store:
        (led,) = store.statements()
        assert (led.predicate, led.status, led.probability, led.evidence[0].reader) == (
            "leads",
            "extracted",
            0.8,
            "rules",
        )
        assert store.answers() == []
