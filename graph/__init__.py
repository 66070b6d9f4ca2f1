"""The model, the store interface and its engines, and the views of a store as networkx, RDF and files."""

from .model import Answer, Decision, Document, DocumentGraph, Entity, Evidence, Mention, Statement
from .opening import open_store
from .store import Store, StoredEntity, StoreError, store_folder

__all__ = [
    "Answer",
    "Decision",
    "Document",
    "DocumentGraph",
    "Entity",
    "Evidence",
    "Mention",
    "Statement",
    "Store",
    "StoreError",
    "StoredEntity",
    "open_store",
    "store_folder",
]
