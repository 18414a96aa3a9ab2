"""The monthly report and the payment list as papers: kinds, who may read them, what they say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.documents.actions import order_document
from portal.documents.kinds import DocumentKind
from portal.documents.models import Document
from portal.documents.shape_parts import Signature
from portal.documents.shapes_reports import PaymentList, PaymentRow, PhotoRow, VisitRow, WorkerReport
from portal.kernel.dates import month_year, short_date
from portal.kernel.decision import Decision, allow_if
from portal.kernel.errors import Blocked
from portal.kernel.money import rupiah, rupiah_in_words, thousands
from programs import contract_rules as rules
from programs.facts.report_months import month_key
from programs.models import MonthlyReport, ReportPhoto, Visit
from programs.queries.reports import figures_of, kept_photos, kept_visits
from programs.queries.reports_payments import Payment, Sums, sums_of
from regencies.facts import letterhead_facts, office_line, signature_block
from regencies.models import Agency, Position, Regency
from regencies.queries import head_on, lead_agency
from regencies.rules import Role

REPORT_PAPER, PAYMENT_PAPER = "laporan_tpl", "daftar_pembayaran"


@dataclass(frozen=True, slots=True)
class PaymentSubject:
    """What a payment list is about: a month, of one regency or of all. Documents name subjects by label and key."""

    month: dt.date
    regency: Regency | None
    _meta = SimpleNamespace(label_lower="programs.payments")

    @property
    def pk(self) -> str:
        """ "2026-10" or "2026-10-53.04"."""
        return "-".join(filter(None, (month_key(self.month), self.regency.code if self.regency else "")))


# -- who may read -----------------------------------------------------------------------------------------------------


def readable_reports(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """The papers of the reports this user sees."""
    seen = MonthlyReport.objects.visible_to(user).annotate(key=Cast("pk", CharField())).order_by().values("key")
    return documents.filter(subject_type="programs.monthlyreport", subject_id__in=seen)


def readable_payments(user: Any, documents: QuerySet[Document]) -> QuerySet[Document]:
    """All of them for whoever may see what workers earn."""
    found = documents.filter(subject_type=PaymentSubject._meta.label_lower)
    return found if rules.payment_readers(user) else found.none()


def may_read_report(user: Any, document: Document) -> Decision:
    """Whoever sees the report."""
    seen = readable_reports(user, Document.objects.filter(pk=document.pk)).exists()
    return allow_if(seen, _("Laporan ini hanya untuk penyuluhnya, kantor penempatannya, dan dinas provinsi."))


def may_read_payments(user: Any, document: Document) -> Decision:
    """Whoever may see what workers earn."""
    return rules.payment_readers(user)


def report_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: month and place; no name."""
    facts = document.facts
    return [(_("Laporan"), facts["heading"][0]), (_("Bulan"), facts["head"][0]["value"]),
            (_("Jumlah kunjungan"), str(len(facts["visits"])))]  # fmt: skip


def payment_summary(document: Document) -> list[tuple[str, str]]:
    """What anybody who holds the paper may check: which month, how many; no name, no pay."""
    facts = document.facts
    return [(_("Daftar"), "; ".join(facts["heading"])), (_("Jumlah penyuluh"), str(len(facts["rows"])))]


KINDS = (
    DocumentKind(
        key=REPORT_PAPER, version=2, title=gettext_lazy("Laporan bulanan penyuluh"), may_read=may_read_report,
        readable=readable_reports, public_summary=report_summary,
    ),
    DocumentKind(
        key=PAYMENT_PAPER, version=2, title=gettext_lazy("Daftar pembayaran penyuluh"), may_read=may_read_payments,
        readable=readable_payments, public_summary=payment_summary,
    ),
)  # fmt: skip


# -- the report -------------------------------------------------------------------------------------------------------


def report_paper(report: MonthlyReport, *, approver: Any, on: dt.date) -> Document:
    """The ordered paper of a report that this division head approves on that day.

    Errors: Blocked when he heads no division of the office, or the regency has no office.
    """
    office = Agency.objects.filter(regency=report.contract.regency_id, is_lead=True).select_related("regency").first()
    if office is None:
        raise Blocked(_("Kantor perindustrian wilayah penempatan belum terdaftar."))
    held = Position.objects.in_force(on).filter(person=approver, role=Role.KABID_KAB, agency__regency=office.regency_id)
    seat = held.select_related("person", "agency").order_by("pk").first()
    if seat is None:
        raise Blocked(_("Jabatan Kepala Bidang Anda di wilayah penempatan ini tidak berlaku hari ini."))
    with override("id"):
        facts = report_facts(report, office=office, seat=seat, on=on)
        title = f"Laporan bulanan penyuluh {report.contract.regency.name} {month_year(report.month)}"
    return order_document(REPORT_PAPER, facts, subject=report, by=approver, title=title)


def report_facts(report: MonthlyReport, *, office: Agency, seat: Position, on: dt.date) -> WorkerReport:
    """What the paper says."""
    worker, regency, visits = report.worker, report.contract.regency, kept_visits(report)
    month = month_year(report.month)
    number = report.contract.number.text if report.contract.number_id else "–"
    return {
        "title": f"Laporan Bulanan Penyuluh {month} – {worker.name}",
        "short_title": f"Laporan penyuluh {regency.name} {month}",
        "letterhead": letterhead_facts(office),
        "status": "",
        "heading": [f"{worker.get_scheme_display()}", regency.name],
        "head": [
            {"label": "Bulan", "value": month},
            {"label": "Nama penyuluh", "value": worker.name},
            {"label": "Wilayah kerja", "value": report.contract.placement or regency.name},
            {"label": "Nomor kontrak", "value": number},
        ],
        "figures": _figures(report, visits),
        "visits": [_visit(visit) for visit in visits],
        "results": _paragraphs(report.results),
        "problems": _paragraphs(report.problems),
        "plan": _paragraphs(report.plan),
        "photos": [_photo(photo) for photo in kept_photos(report)],
        "signatures": [_worker_signs(worker), _head_signs(seat, office, on)],
    }


def _figures(report: MonthlyReport, visits: list[Visit]) -> list[dict[str, str]]:
    found = figures_of(visits)
    rows = [
        ("Kunjungan", str(found.visits)),
        ("IKM didampingi", f"{found.ikm} (baru {found.new}, lanjutan {found.continuing})"),
        ("NIB terbit", str(report.nib_count)), ("P-IRT terbit", str(report.pirt_count)),
        ("Sertifikat halal terbit", str(report.halal_count)), ("Izin/sertifikat lain", str(report.other_count)),
        ("KUR yang dicairkan", rupiah(report.kur_rupiah)),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in rows]


def _visit(visit: Visit) -> VisitRow:
    place = visit.location
    if visit.latitude is not None and visit.longitude is not None:
        place = f"{place} ({visit.latitude}, {visit.longitude})".strip()
    return {
        "date": short_date(visit.on) if visit.on else "–", "ikm": visit.ikm,
        "guided": "Baru" if visit.is_new else "Lanjutan", "topic": visit.topic, "result": visit.result,
        "location": place,
    }  # fmt: skip


def _photo(photo: ReportPhoto) -> PhotoRow:
    about = photo.visit
    told = ""
    if about is not None and about.deleted_at is None:
        told = ", ".join(filter(None, (about.ikm, short_date(about.on) if about.on else "")))
    return {"caption": photo.caption, "about": told, "sha256": photo.sha256}


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _worker_signs(worker: Any) -> Signature:
    return {
        "caption": "Yang melaporkan", "place_date": "", "on_behalf": "", "office": "Tenaga Penyuluh Lapangan IKM",
        "name": worker.name, "rank": "", "nip": "",
    }  # fmt: skip


def _head_signs(seat: Position, office: Agency, on: dt.date) -> Signature:
    place = office.regency.capital or office.regency.name
    block = signature_block(seat, caption="Mengetahui", place_date=f"{place}, {short_date(on)}")
    return {**block, "office": office_line(seat.full_title, seat.agency.name)}


# -- the payment list -------------------------------------------------------------------------------------------------


def payment_paper(month: dt.date, regency: Regency | None, rows: list[Payment], *, by: Any, on: dt.date) -> Document:
    """The ordered payment list of that month as it stands on that day.

    Errors: Blocked when nobody is under contract, or nobody heads the provincial office.
    """
    if not rows:
        raise Blocked(_("Tidak ada kontrak penyuluh yang berlaku pada bulan ini."))
    office = lead_agency()
    head = head_on(office, on)
    if head is None:
        raise Blocked(_("Kepala dinas provinsi belum terdaftar, jadi daftar belum ada penandatangannya."))
    with override("id"):
        facts = payment_facts(month, regency, rows, head=head, on=on)
    subject = PaymentSubject(month, regency)
    return order_document(PAYMENT_PAPER, facts, subject=subject, by=by, title=facts["title"])


def payment_facts(
    month: dt.date, regency: Regency | None, rows: list[Payment], *, head: Position, on: dt.date
) -> PaymentList:
    """What the list says: everybody under contract, the sums only of those whose report is approved."""
    sums, place = sums_of(rows), regency.name if regency else "Seluruh kabupaten/kota"
    said = f"Daftar pembayaran penyuluh {month_year(month)}"
    capital = head.agency.province.capital if head.agency.province_id else ""
    return {
        "title": f"{said} – {place}",
        "short_title": said,
        "letterhead": letterhead_facts(head.agency),
        "status": "",
        "heading": [month_year(month), place],
        "rows": [_payment(row) for row in rows],
        "honorarium": thousands(sums.honorarium),
        "operational": thousands(sums.operational),
        "amount": thousands(sums.amount),
        "words": rupiah_in_words(sums.amount),
        "counted": _counted(sums),
        "signatures": [signature_block(head, place_date=", ".join(filter(None, (capital, short_date(on)))))],
    }


def _payment(row: Payment) -> PaymentRow:
    return {
        "name": row.worker.name, "regency": row.contract.regency.name,
        "contract": row.contract.number.text if row.contract.number_id else "–",
        "honorarium": thousands(row.honorarium), "operational": thousands(row.operational),
        "amount": thousands(row.amount), "report": row.standing, "note": row.note,
    }  # fmt: skip


def _counted(sums: Sums) -> str:
    if not sums.held:
        return f"{sums.count} penyuluh dibayarkan."
    return f"{sums.paid} dari {sums.count} penyuluh dibayarkan; {sums.held} ditahan sampai laporannya disetujui."
