"""The committee's decree and report as papers: kinds, who may read them, what they need, what they say at first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.actions import order_document
from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shapes_letter_texts import CommitteeReport, Decree
from portal.kernel.dates import short_date
from portal.kernel.decision import Decision, allow_if
from rakor.facts.committee_report import ReportContent, report_facts
from rakor.facts.committee_words import usual_report, usual_report_about
from rakor.facts.decree import DecreeContent, decree_facts, usual_about, usual_decree
from rakor.models import Letter, LetterCopy, Meeting
from rakor.models.letters import NUMBERED
from rakor.queries.committee_figures import figures_of
from rakor.rules import letter_people, reads_published, sees_drafts
from regencies.facts import office_line, signature_block
from regencies.models import Agency
from regencies.queries import lead_agency

CONTENTS: dict[str, type[DecreeContent] | type[ReportContent]] = {
    Letter.Kind.DECREE: DecreeContent,
    Letter.Kind.REPORT: ReportContent,
}
"""Kinds of letter that are texts of the committee, and what their content is."""

PART_LABELS = {
    "considering": gettext_lazy("Menimbang"), "recalling": gettext_lazy("Mengingat"),
    "observing": gettext_lazy("Memperhatikan"), "decisions": gettext_lazy("Diktum KESATU dan seterusnya"),
    "copies_to": gettext_lazy("Tembusan"), "place": gettext_lazy("Tempat penandatanganan"),
    "numbers": gettext_lazy("Cetak NIP dalam Lampiran"),
    "background": gettext_lazy("A.1 Umum"), "purpose": gettext_lazy("A.2 Maksud dan tujuan"),
    "scope": gettext_lazy("A.3 Ruang lingkup"), "basis": gettext_lazy("A.4 Dasar"),
    "activities": gettext_lazy("B. Kegiatan yang dilaksanakan"), "results": gettext_lazy("C. Hasil yang dicapai"),
    "conclusions": gettext_lazy("D.1 Simpulan"), "suggestions": gettext_lazy("D.2 Saran"),
    "closing": gettext_lazy("E. Penutup"), "attachments": gettext_lazy("Lampiran"),
    "figures": gettext_lazy("Cetak lampiran angka"),
}  # fmt: skip
"""Names of the parts, for forms, comparisons and the journal."""


def content_of(letter: Letter) -> DecreeContent | ReportContent:
    """What the decree or the report says."""
    return CONTENTS[letter.kind].of(letter.content)


def usual_text(meeting: Meeting, kind: str) -> tuple[str, DecreeContent | ReportContent]:
    """(subject, content) of a new decree or report: what the portal knows today, in Indonesian whoever asks."""
    agency = lead_agency()
    with override("id"):
        if kind == Letter.Kind.DECREE:
            host = meeting.host_regency.name if meeting.host_regency else ""
            return usual_about(meeting), usual_decree(meeting, agency=agency, host=host)
        return usual_report_about(meeting), usual_report(meeting, figures_of(meeting), agency=agency)


def order_text(copy: LetterCopy, *, by: Any) -> Document:
    """The paper of an approved decree or report, ordered in the caller's transaction.

    The copy's number, and the letter's day and signer, must be there.
    Errors: FactsError.
    """
    letter = copy.letter
    facts = text_facts(
        letter, number=copy.number.text if copy.number else "", on=copy.number.on if copy.number else None
    )
    return order_document(letter.kind, facts, subject=copy, by=by)


def text_facts(letter: Letter, *, number: str = "", on: dt.date | None = None) -> Decree | CommitteeReport:
    """The facts of the paper as the text stands now; marked RANCANGAN without a number."""
    agency = lead_agency()
    signer = letter.signer
    date = short_date(on) if on else ""
    content = content_of(letter)
    with override("id"):
        signatures = [signature_block(signer)] if signer else []
        shared = {"agency": agency, "number": number, "date": date, "signatures": signatures}
        if isinstance(content, DecreeContent):
            members = list(letter.meeting.committee.all())
            return decree_facts(
                letter.meeting, letter.subject, content, office=_office(letter, agency), members=members, **shared
            )
        return report_facts(letter.meeting, letter.subject, content, figures=figures_of(letter.meeting), **shared)


def revocation_of(decree: Letter) -> str:
    """The sentence of a new decree that revokes this one, by its number, day and subject."""
    copy = decree.copies.standing().select_related("number").get()
    office = _office(decree, lead_agency())
    return (
        f"Pada saat Keputusan ini mulai berlaku, Keputusan {office} Nomor {copy.number.text} tanggal "
        f"{short_date(copy.number.on)} tentang {decree.subject} dicabut dan dinyatakan tidak berlaku."
    )


def missing_text(letter: Letter) -> list[str]:
    """What the decree or the report lacks before it may be initialled, as sentences."""
    content = content_of(letter)
    if isinstance(content, DecreeContent):
        asked = ("considering", "decisions", "place")
        none = [] if letter.meeting.committee.exists() else [_("Susunan panitia masih kosong.")]
    else:
        asked, none = (*(name for name in content.parts() if name not in content.lists() | {"figures"}),), []
    empty = [str(PART_LABELS[name]) for name in asked if not getattr(content, name)]
    return [*none, *([_("Belum diisi: %(parts)s.") % {"parts": ", ".join(empty)}] if empty else [])]


def text_parts(letter: Letter) -> list[dict[str, Any]]:
    """The filled parts to be read: dicts with label and either text (Markdown-light) or lines."""
    content, found = content_of(letter), []
    for name in content.parts():
        value = getattr(content, name)
        if value and not isinstance(value, bool):
            is_list = isinstance(value, tuple)
            found.append(
                {"label": PART_LABELS[name], "lines": value if is_list else (), "text": "" if is_list else value}
            )
    return found


def _office(letter: Letter, agency: Agency) -> str:
    """Whose decree it is: the head's, also where somebody signs in his place."""
    title = letter.signer.title if letter.signer else "Kepala Dinas"
    return office_line(title, agency.name)


_PRINTS_NIP = Q(kind=Letter.Kind.DECREE) & Q(facts__seats__regex=r'"nip": "[0-9]')
"""Papers whose Lampiran bears somebody's NIP, as they were printed: the text may have changed since."""


def readable_texts(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """The provincial office reads all but a decree that prints NIP: that is its writers' and the head of office's.

    Everybody else in office reads the decrees in force that print no NIP.
    """
    if letter_people(user):
        return documents
    if sees_drafts(user):
        return documents.exclude(_PRINTS_NIP)
    if not reads_published(user):
        return documents.none()
    revoked = Letter.objects.filter(revokes=OuterRef("letter"), status__in=NUMBERED)
    decrees = (
        LetterCopy.objects.standing()
        .exclude(Exists(revoked))
        .filter(
            letter__kind=Letter.Kind.DECREE,
            letter__meeting__published=True,
            sent_at__isnull=False,
            document__isnull=False,
        )
    )
    return documents.filter(pk__in=decrees.values("document")).exclude(_PRINTS_NIP)


def may_read_text(user: Any, document: Document) -> Decision:
    """As `readable_texts`: NIP is personal data, also in an official paper."""
    seen = readable_texts(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Naskah panitia ini hanya untuk dinas provinsi; yang memuat NIP hanya untuk pengelolanya."))


def text_summary(document: Document) -> list[tuple[str, str]]:
    """What it is about, its number and day; no names."""
    facts = document.facts
    pairs = [(_("Tentang"), facts["about"]), (_("Nomor"), facts["number"] or "–"), (_("Tanggal"), facts["date"] or "–")]
    if facts["status"]:
        return [*pairs, (_("Keberlakuan"), _("Konsep: bukan dokumen resmi."))]
    return [*pairs, (_("Keberlakuan"), _validity(document))]


def _validity(document: Document) -> str:
    copies = LetterCopy.objects.annotate(key=Cast("pk", CharField())).select_related("letter")
    copy = copies.filter(key=document.subject_id, document=document).first()
    if copy is None or copy.voided_at or copy.letter.status == "dibatalkan":
        return _("Bukan versi yang berlaku.")
    newer = LetterCopy.objects.standing().filter(letter__revokes=copy.letter, letter__status__in=NUMBERED)
    if found := newer.select_related("number").first():
        return _("Sudah dicabut dengan Keputusan Nomor %(number)s.") % {"number": found.number.text}
    return _("Versi terakhir yang berlaku.")


def _kind(key: str, version: int, title: Any) -> DocumentKind:
    return DocumentKind(
        key=key, version=version, title=title, may_read=may_read_text, readable=readable_texts,
        public_summary=text_summary,
    )  # fmt: skip


SK_COMMITTEE = _kind(Letter.Kind.DECREE.value, 2, gettext_lazy("SK panitia"))
COMMITTEE_REPORT = _kind(Letter.Kind.REPORT.value, 2, gettext_lazy("Laporan panitia"))
