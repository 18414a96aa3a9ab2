"""The agenda as a paper: its kind, who may read it, and what it needs: programme, letterhead, who signs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shapes import Agenda
from portal.documents.workflow import READY
from portal.kernel.dates import short_date, zone_label
from portal.kernel.decision import ALLOW, Decision, allow_if
from rakor import rules
from rakor.facts.agenda import DRAFT, agenda_facts
from rakor.models import Meeting
from rakor.queries.programme import programme_of
from regencies.facts import letterhead_facts, signature_block
from regencies.queries import head_on, lead_agency


def _may_read_agenda(user: Any, document: Any) -> Decision:
    """The provincial office reads every susunan acara, others only those of a published edition that are no draft."""
    if rules.sees_drafts(user):
        return ALLOW
    published = Meeting.objects.visible_to(user).filter(pk=document.subject_id).exists()
    return allow_if(
        published and document.facts["status"] != DRAFT,
        _("Susunan acara ini masih rancangan dan hanya untuk dinas provinsi."),
    )


def _readable_agendas(user: Any, documents: QuerySet) -> QuerySet:
    """The same narrowing in the database."""
    if rules.sees_drafts(user):
        return documents
    keys = [str(pk) for pk in Meeting.objects.visible_to(user).values_list("pk", flat=True)]
    return documents.filter(subject_id__in=keys).exclude(facts__status=DRAFT)


def _agenda_summary(document: Any) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: it says no more than the paper's head."""
    facts = document.facts
    found = [(_("Rapat"), facts["meeting"]), (_("Waktu"), facts["dates"]), (_("Tempat"), facts["place"])]
    return [*found, (_("Status"), facts["status"])] if facts["status"] else found


AGENDA = DocumentKind(
    key="agenda", version=2, title=gettext_lazy("Susunan acara"), may_read=_may_read_agenda,
    public_summary=_agenda_summary, readable=_readable_agendas,
)  # fmt: skip


def agenda_paper(meeting: Meeting) -> Agenda:
    """The facts of the edition's susunan acara as it is stored now, in Indonesian whoever asks."""
    office = lead_agency()
    signer = head_on(office, meeting.agenda_dated_on or meeting.starts_on)
    capital = office.province.capital if office.province else ""
    dated = f"{capital}, {short_date(meeting.agenda_dated_on)}" if meeting.agenda_dated_on and capital else ""
    with override("id"):
        return agenda_facts(
            meeting,
            programme_of(meeting).days(),
            zone=zone_label(timezone.get_default_timezone()),
            letterhead=letterhead_facts(office),
            signatures=[signature_block(signer, place_date=dated)] if signer else [],
        )


def newest_papers(user: Any, *, limit: int = 5) -> list[Document]:
    """The papers this user may read that became ready last."""
    return list(Document.objects.visible_to(user).filter(status=READY).defer("facts").order_by("-current_at")[:limit])


def agenda_in_force(user: Any, meeting: Meeting) -> Document | None:
    """The newest ready susunan acara of an edition this user sees that is not kept from them; one statement."""
    found = Document.objects.filter(kind=AGENDA.key, subject_id=str(meeting.pk), status=READY)
    rows = found.annotate(state=KT("facts__status")).only("public_id").order_by("-current_at", "-pk")[:10]
    inside = rules.sees_drafts(user)
    return next((row for row in rows if inside or row.state != DRAFT), None)
