"""Reading for the papers of minutes: what they print, who may read them, what anybody with the code may know."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.kernel.decision import Decision, allow_if, deny
from rakor.facts.minutes import KIND
from rakor.models import Meeting, MinuteEntry, Minutes, MinutesRelease
from rakor.rules import reads_published, sees_drafts

FINAL_OF = ("rakor.minutes", "rakor.meeting")
"""Subjects of papers that are final: one notula, or the collection of an edition. A draft's subject is its session."""


def people_loaded(minutes: QuerySet[Minutes]) -> QuerySet[Minutes]:
    """The rows with everything a paper names."""
    return minutes.select_related(
        "session__meeting", "session__room", "chair__person", "chair__agency", "secretary__person",
        "secretary__agency", "recorder__person", "recorder__agency",
    )  # fmt: skip


def final_parts(meeting: Meeting) -> list[tuple[Minutes, list[MinuteEntry]]]:
    """The final minutes of an edition with their entries, in the order of its programme."""
    rows = people_loaded(Minutes.objects).filter(session__meeting=meeting, status="final")
    kept = Prefetch("entries", queryset=MinuteEntry.objects.kept(), to_attr="kept")
    return [(row, row.kept) for row in rows.prefetch_related(kept)]


def may_read_notula(user: Any, document: Document) -> Decision:
    """Drafts for the provincial office; final papers of published editions for everybody with a position."""
    if sees_drafts(user):
        return allow_if(True, "")
    if not reads_published(user) or document.subject_type not in FINAL_OF:
        return deny(_("Dokumen ini tidak untuk Anda."))
    seen = readable_notulas(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Dokumen ini tidak untuk Anda."))


def readable_notulas(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """The same as `may_read_notula`, narrowing a list in the database."""
    if sees_drafts(user):
        return documents
    if not reads_published(user):
        return documents.none()
    meetings = Meeting.objects.visible_to(user).annotate(key=Cast("pk", CharField()))
    minutes = Minutes.objects.filter(session__meeting__published=True).annotate(key=Cast("pk", CharField()))
    return documents.filter(
        Q(subject_type="rakor.minutes", subject_id__in=minutes.values("key"))
        | Q(subject_type="rakor.meeting", subject_id__in=meetings.values("key"))
    )


def notula_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody with the code may know: edition, sessions, status, and whether this version is still the last one.

    Nothing that anybody said, and no names.
    """
    facts = document.facts
    titles = [part["title"] for part in facts["parts"]]
    shown = "; ".join(titles[:3]) + (_(" dan %(count)d sesi lain") % {"count": len(titles) - 3} if titles[3:] else "")
    pairs = [
        (_("Rakor"), facts["meeting"]), (_("Tanggal rakor"), facts["dates"]), (_("Sesi"), shown),
        (_("Status notula"), " – ".join(part for part in (facts["status"], facts["version"]) if part)),
    ]  # fmt: skip
    if document.subject_type not in FINAL_OF:
        return [*pairs, (_("Keberlakuan"), _("Konsep: bukan dokumen resmi."))]
    release = MinutesRelease.objects.filter(document=document).select_related("minutes").order_by("-version").first()
    return [*pairs, (_("Keberlakuan"), _validity(release))] if release else pairs


def _validity(release: MinutesRelease) -> str:
    if release.reopened_at is None:
        return _("Versi terakhir yang berlaku.")
    newest = release.minutes.releases.order_by("-version").first()
    if newest.version > release.version:
        return _("Sudah digantikan oleh versi %(version)d.") % {"version": newest.version}
    return _("Sudah dibuka kembali untuk perbaikan; versi baru belum ditetapkan.")


NOTULA = DocumentKind(
    key=KIND, version=2, title=gettext_lazy("Notula"), may_read=may_read_notula, readable=readable_notulas,
    public_summary=notula_summary,
)  # fmt: skip
