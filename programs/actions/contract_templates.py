"""Verbs on wordings of contracts: begin one, change a draft part by part, publish it, begin the next version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.journal.actions import changes_between, make_move, record
from portal.kernel.errors import Blocked, StaleVersion, ensure
from portal.kernel.plain_text import plain
from programs import contract_rules as rules
from programs.actions.proposals import SaveResult
from programs.actions.rows import checked, one_line
from programs.facts.contract_text import LONGEST_BODY, LONGEST_HEADING, MOST_CLAUSES, digest, texts_of
from programs.models import ContractTemplate, TemplateVersion
from programs.queries.contract_templates import faults
from programs.workflow import TEMPLATE

TEXTS = ("title", "opening", "recital", "closing", "note")
COPIED = ("title", "opening", "recital", "clauses", "closing")


@transaction.atomic
def new_template(
    kind: str, name: str, *, by: Any, source: TemplateVersion | None = None, client_key: UUID | None = None
) -> TemplateVersion:
    """The draft of a new template's first version, with the wording of `source`; the same key sent twice is one.

    Errors: Denied; Blocked when `source` is of another kind.
    """
    ensure(rules.drafters(by))
    known = TemplateVersion.objects.filter(client_key=client_key).first() if client_key else None
    if known is not None:
        return known
    if source is not None and source.template.kind != kind:
        raise Blocked(_("Naskah yang disalin berjenis lain."))
    template = ContractTemplate(key=_free_key(name), kind=kind, name=one_line(plain(name)))
    checked(template, ["kind", "name"])
    template.save()
    record(gettext_noop("Membuat templat"), template, by=by)
    return _draft(template, 1, source, by=by, client_key=client_key)


def _free_key(name: str) -> str:
    """A key made of the name that no template has."""
    stem, number = slugify(name)[:50].strip("-") or "templat", 2
    taken = set(ContractTemplate.objects.filter(key__startswith=stem).values_list("key", flat=True))
    key = stem
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def _draft(
    template: ContractTemplate, number: int, source: TemplateVersion | None, *, by: Any, client_key: UUID | None = None
) -> TemplateVersion:
    content = {name: getattr(source, name) for name in COPIED} if source else {"title": template.name}
    version = TemplateVersion.objects.create(template=template, number=number, client_key=client_key, **content)
    version.authors.add(by)
    note = _("Dari %(source)s") % {"source": source} if source else ""
    record(gettext_noop("Membuat konsep versi"), version, by=by, note=note)
    return version


@transaction.atomic
def change_template(
    template: ContractTemplate, *, name: str, active: bool, base: tuple[str, bool], by: Any
) -> ContractTemplate:
    """The template renamed, or put in or out of use. `base` is what the writer saw of both.

    Errors: Denied; StaleVersion when somebody saved in between; Blocked.
    """
    ensure(rules.drafters(by))
    row = ContractTemplate.objects.select_for_update().get(pk=template.pk)
    values = {"name": one_line(plain(name)), "active": active}
    if (row.name, row.active) != base and (row.name, row.active) != (values["name"], active):
        raise StaleVersion(_("Templat ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=values)
    before = ContractTemplate.objects.get(pk=row.pk)
    row.name, row.active = values["name"], active
    checked(row, ["name"])
    if changes := changes_between(before, row, ["name", "active"]):
        row.save(update_fields=["name", "active"])
        record(gettext_noop("Mengubah templat"), row, by=by, changes=changes)
    return row


@transaction.atomic
def new_version(template: ContractTemplate, *, by: Any) -> TemplateVersion:
    """The draft that follows the newest version, with its wording; the draft there is, if there is one.

    Errors: Denied.
    """
    ensure(rules.drafters(by))
    ContractTemplate.objects.select_for_update().get(pk=template.pk)
    newest = TemplateVersion.objects.filter(template=template).order_by("-number").first()
    if newest is not None and newest.status == TEMPLATE.initial:
        return newest
    return _draft(template, newest.number + 1 if newest else 1, newest, by=by)


@transaction.atomic
def change_version(
    version: TemplateVersion, values: dict[str, Any], *, base: Mapping[str, list[Any]] | None = None,
    base_version: int | None = None, by: Any,
) -> SaveResult:  # fmt: skip
    """Each part merged on its own: written when what is stored is what the writer began with, else left as it is.

    `base` holds per part what the writer saw, and what he sent before without an answer. Without it the whole is
    guarded by `base_version`; with neither the values are to stand.
    Shape: values = {"title" … "note": text, "clauses": [{"heading", "body"}]}.
    Errors: Denied; StaleVersion; Blocked for what is too long.
    """
    row = _locked(version)
    ensure(rules.may_write_template(by, row))
    wanted = {name: _clauses(value) if name == "clauses" else _short(name, value) for name, value in values.items()}
    if base is None and base_version is not None and row.version != base_version:
        raise StaleVersion(_("Naskah ini sudah diubah orang lain sejak Anda membukanya."), current=row, yours=wanted)
    before = {name: getattr(row, name) for name in wanted}
    result = SaveResult()
    for name, value in wanted.items():
        seen = None if base is None else [_seen(name, each) for each in base.get(name, [])]
        if value == before[name] or seen is None or before[name] in seen:
            setattr(row, name, value)
            result.saved.append(name)
        else:
            result.conflicts[name] = before[name]
    changed = [name for name in result.saved if wanted[name] != before[name]]
    if changed:
        checked(row, [name for name in changed if name != "clauses"])
        row.version += 1
        row.save(update_fields=[*changed, "version", "changed_at"])
        row.authors.add(by)
        record(gettext_noop("Mengubah naskah templat"), row, by=by, changes=_changes(before, row, changed))
    for name in (*values, "version", "status"):
        setattr(version, name, getattr(row, name))
    return result


def _locked(version: TemplateVersion) -> TemplateVersion:
    return TemplateVersion.objects.select_for_update(of=("self",)).select_related("template").get(pk=version.pk)


def _text(name: str, value: Any) -> str:
    text = plain(str(value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    return one_line(text) if name == "note" else text


def _short(name: str, value: Any) -> str:
    """The text as it is stored.

    Errors: Blocked when it is too long.
    """
    text, column = _text(name, value), TemplateVersion._meta.get_field(name)
    if len(text) > column.max_length:
        raise Blocked(
            _("%(part)s terlalu panjang: %(length)s huruf, batasnya %(most)s.")
            % {"part": capfirst(str(column.verbose_name)), "length": len(text), "most": column.max_length}
        )
    return text


def _seen(name: str, value: Any) -> Any:
    """What the writer saw, in the form in which it is stored; something that cannot be stored matches nothing."""
    try:
        return _clauses(value) if name == "clauses" else _text(name, value)
    except Blocked:
        return None


def _clauses(rows: Any) -> list[dict[str, str]]:
    """The clauses as they are stored; those without heading and body are left out.

    Errors: Blocked.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Blocked(_("Daftar pasal tidak terbaca."))
    made = [
        {"heading": one_line(_text("heading", row.get("heading"))), "body": _text("body", row.get("body"))}
        for row in rows
    ]
    made = [row for row in made if row["heading"] or row["body"]]
    if len(made) > MOST_CLAUSES:
        raise Blocked(_("Pasalnya terlalu banyak; batasnya %(most)s.") % {"most": MOST_CLAUSES})
    for number, row in enumerate(made, start=1):
        if len(row["heading"]) > LONGEST_HEADING or len(row["body"]) > LONGEST_BODY:
            raise Blocked(
                _("Pasal %(number)s terlalu panjang: judul paling banyak %(heading)s huruf, isi %(body)s huruf.")
                % {"number": number, "heading": LONGEST_HEADING, "body": LONGEST_BODY}
            )
    return made


def _changes(before: dict[str, Any], row: TemplateVersion, changed: list[str]) -> dict[str, list]:
    """What the journal keeps: texts under their labels, of the clauses only those that differ."""
    found: dict[str, list] = {}
    for name in changed:
        if name != "clauses":
            found[str(row._meta.get_field(name).verbose_name)] = [before[name], getattr(row, name)]
            continue
        old, new = ([f"{each['heading']}\n{each['body']}" for each in rows] for rows in (before[name], row.clauses))
        for number in range(max(len(old), len(new))):
            pair = [rows[number] if number < len(rows) else None for rows in (old, new)]
            if pair[0] != pair[1]:
                found[f"Pasal {number + 1}"] = pair
    return found


@transaction.atomic
def publish_version(version: TemplateVersion, *, base_version: int, by: Any, note: str = "") -> TemplateVersion:
    """The version in force and frozen: the database itself refuses to change it from now on.

    Errors: Denied; StaleVersion when it was changed since `by` read it; Blocked when it cannot be printed.
    """
    row = _locked(version)
    ensure(rules.may_publish_template(by, row))
    if row.version != base_version:
        raise StaleVersion(_("Naskah ini diubah sejak Anda membacanya. Baca dahulu yang baru."), current=row, yours={})
    wrong = faults(row)
    if wrong:
        raise Blocked(_("Versi ini belum dapat diterbitkan: %(why)s") % {"why": " ".join(wrong)})
    make_move(
        TEMPLATE, "publish", row, by=by, note=note, published_at=timezone.now(), published_by=by,
        sha256=digest(row.content),
    )  # fmt: skip
    version.refresh_from_db()
    return version


@transaction.atomic
def discard_version(version: TemplateVersion, *, by: Any) -> ContractTemplate:
    """The template after its draft was thrown away; the words stay in the journal.

    Errors: Denied; Blocked when a contract was made with it.
    """
    row = _locked(version)
    ensure(rules.may_write_template(by, row))
    words = {"naskah": ["\n\n".join(text for text in texts_of(row.content) if text), None]}
    record(gettext_noop("Membuang konsep versi"), row, by=by, changes=words)
    try:
        with transaction.atomic():
            row.delete()
    except IntegrityError as error:
        raise Blocked(_("Konsep ini sudah dipakai naskah kontrak.")) from error
    return row.template
