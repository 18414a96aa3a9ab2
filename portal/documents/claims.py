"""Who works on a row: a PostgreSQL advisory lock of the session, which ends with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

LOCK_CLASS = 0x52414B4F
"""First half of the lock's key ("RAKO"), so that other uses of advisory locks never meet ours."""

BUNDLE_LOCK = 0x5A495050
"""The same for bundles ("ZIPP")."""

_HELD = """EXISTS (
    SELECT 1 FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %s AND objid = {table}.id
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"""


@contextmanager
def claimed(pk: int, lock_class: int = LOCK_CLASS) -> Iterator[bool]:
    """Whether the row of that number is ours to work on while the block runs.

    `lock_class` tells apart what is locked: a document here, something of the domain with a number of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock_class, pk])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            _release(pk, lock_class)


def _release(pk: int, lock_class: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock_class, pk])
    except DatabaseError:
        connection.close()  # the lock ends with the session; the error that broke it is already on its way


def is_claimed(table: str = "documents_document", lock_class: int = LOCK_CLASS) -> RawSQL:
    """For a queryset of documents, or of that table: whether some process works on the row at this moment."""
    held = _HELD.format(table=table)
    return RawSQL(held, [lock_class], output_field=BooleanField())  # noqa: S611  no text of a user in it
