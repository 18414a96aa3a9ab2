"""The test database as the migrations made it, put back after a test that committed.

Django's own way is `flush`: it truncates every table and makes content types and permissions anew, and somebody still
has to load the reference data again. That costs a second per test. Here only tables that changed lose their rows (which
is also much cheaper than to truncate them, with so few rows), and the rows of the migrations come back from copies.
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg2.sql import SQL, Composable, Identifier, Literal

DIGEST = SQL("SELECT md5(string_agg(line::text, '' ORDER BY line::text)) FROM public.{table} line")
HAS_ROWS = SQL("SELECT {name} WHERE EXISTS (SELECT FROM public.{table})")
HAS_OTHER_ROWS = SQL("SELECT {name} WHERE ({digest}) IS DISTINCT FROM {before}")
COPY = SQL("CREATE TABLE pristine.{table} AS TABLE public.{table}")
EMPTY = SQL("DELETE FROM public.{table}")
BACK = SQL("INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM pristine.{table}")
# Triggers that keep rows for ever are asleep meanwhile; what refers to what is checked before they wake up.
ASLEEP, CHECK, AWAKE = (
    SQL("ALTER TABLE public.{table} DISABLE TRIGGER USER"),
    SQL("SET CONSTRAINTS ALL IMMEDIATE"),
    SQL("ALTER TABLE public.{table} ENABLE TRIGGER USER"),
)
GUARDED = "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
COLUMNS = (
    "SELECT column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"
)

_changed: list[Composable] = []  # statements that name a table when it has other rows than those of the migrations
_back: dict[str, Composable] = {}  # table: the statement that brings its rows back
_guarded: list[str] = []  # tables with triggers of ours


def keep() -> None:
    """Copy every table that has rows now, right after the migrations; restore() goes back to them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA pristine")
        _guarded.extend(_column(cursor, GUARDED))
        for name in _column(cursor, TABLES):
            table = Identifier(name)
            digest = DIGEST.format(table=table)
            (before,) = _column(cursor, digest)
            if before is None:
                _changed.append(HAS_ROWS.format(name=Literal(name), table=table))
                continue
            _changed.append(HAS_OTHER_ROWS.format(name=Literal(name), digest=digest, before=Literal(before)))
            cursor.execute(COPY.format(table=table))
            columns = SQL(", ").join(map(Identifier, _column(cursor, COLUMNS, name)))
            _back[name] = BACK.format(table=table, columns=columns)


def restore() -> None:
    """Give every table the rows that it had after the migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        changed = _column(cursor, SQL(" UNION ALL ").join(_changed))
        if not changed:
            return
        guarded = [Identifier(name) for name in changed if name in _guarded]
        steps = [ASLEEP.format(table=table) for table in guarded]
        steps += [EMPTY.format(table=Identifier(name)) for name in changed]
        steps += [_back[name] for name in changed if name in _back]
        steps += [CHECK, *(AWAKE.format(table=table) for table in guarded)]
        cursor.execute(SQL("; ").join(steps))


def _column(cursor: object, query: str | Composable, *values: object) -> list[str]:
    cursor.execute(query, values or None)
    return [row[0] for row in cursor.fetchall()]
