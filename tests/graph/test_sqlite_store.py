"""What only the embedded store has to do: tell files apart, and know on which disks it stands."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from graphs import small_ontology

from goldenthread.graph import StoreError, open_store
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
    [("/home/a/OneDrive - Borough/x.db", True), ("/Users/a/Library/CloudStorage/b/x.db", True), ("/home/a/b/x.db", False)],
)
def test_synchronised_folders_are_known(folder: str, shared: bool) -> None:
    assert bool(shared_folder_reason(Path(folder))) is shared


def test_network_shares_are_known_by_their_file_system() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/share /mnt/share nfs4 rw 0 0\n"
    assert _mount_reason(Path("/mnt/share/x.db"), mounts) == "its file system is nfs4"
    assert _mount_reason(Path("/home/x.db"), mounts) is None
