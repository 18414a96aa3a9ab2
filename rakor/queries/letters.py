"""Reading letters: what a new one says, what is missing, who gets it, and how far its copies are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from portal.documents.workflow import FAILED, READY
from portal.journal.models import Entry
from portal.kernel.dates import clock, long_date
from portal.kernel.decision import Decision, allow_if
from rakor import rules
from rakor.facts.addressees import names_head_of_region
from rakor.facts.letters import InvitationContent
from rakor.models import Invitation, Letter, LetterCopy, Meeting
from rakor.models.letters import NUMBERED
from rakor.queries.letter_text_papers import missing_text
from rakor.queries.signers import foreign_register, register_fault, signer_fault

CONTENT_LABELS = {
    "opening": gettext_lazy("Pembuka"), "starts_on": gettext_lazy("Hari pertama"),
    "ends_on": gettext_lazy("Hari terakhir"), "starts_at": gettext_lazy("Pukul"), "until": gettext_lazy("Sampai pukul"),
    "venue": gettext_lazy("Tempat"), "agenda": gettext_lazy("Acara"), "dress": gettext_lazy("Pakaian"),
    "notes": gettext_lazy("Catatan"), "confirm_by": gettext_lazy("Batas konfirmasi"),
    "contact": gettext_lazy("Narahubung"), "closing": gettext_lazy("Penutup"),
    "data_to_bring": gettext_lazy("Data yang dibawa"), "copies_to": gettext_lazy("Tembusan"),
    "attachments": gettext_lazy("Lampiran"),
}  # fmt: skip
"""Names of the parts of a surat undangan, for its form and its journal."""

ANSWER_DAYS = dt.timedelta(days=14)
"""How long before the first day an answer is expected (domain §8.2 step 5), unless less time is left."""

COPY_SORTS = {
    "order": (gettext_lazy("Urutan surat"), ("invitation__order", "pk")),
    "number": (gettext_lazy("Nomor"), ("number__year", "number__sequence", "number__suffix")),
    "name": (gettext_lazy("Penerima A–Z"), ("addressee", "place", "pk")),
    "read": (gettext_lazy("Yang belum dibuka dahulu"), (F("read_at").asc(nulls_first=True), "invitation__order", "pk")),
}
COPY_STATES = {
    "proses": (gettext_lazy("Masih disusun"), Q(voided_at=None) & ~Q(document__status__in=[READY, FAILED])),
    "gagal": (gettext_lazy("Gagal dicetak"), Q(voided_at=None, document__status=FAILED)),
    "siap": (gettext_lazy("Siap, belum dikirim"), Q(voided_at=None, document__status=READY, sent_at=None)),
    "terkirim": (gettext_lazy("Terkirim, belum dibuka"), Q(voided_at=None, sent_at__isnull=False, read_at=None)),
    "dibuka": (gettext_lazy("Sudah dibuka"), Q(voided_at=None, read_at__isnull=False)),
    "ditarik": (gettext_lazy("Ditarik"), Q(voided_at__isnull=False)),
}
PER_PAGE = (25, 50)
WRITING = (gettext_noop("Menyusun surat"), gettext_noop("Mengubah surat"))
"""Verbs of the journal by which the writers of a letter are known."""


def usual_content(meeting: Meeting, group: str) -> InvitationContent:
    """What a new surat undangan of the edition says to that group, in Indonesian whoever asks."""
    with override("id"):
        first = meeting.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
        opening = f"Pemerintah Provinsi {meeting.province.name} menyelenggarakan {meeting.title}."
        if aims := meeting.aim_list:
            opening = f"Dalam rangka {_spoken(aims)}, {opening}"
        return InvitationContent(
            opening=opening,
            starts_on=meeting.starts_on.isoformat(), ends_on=meeting.ends_on.isoformat(),
            starts_at=timezone.localtime(first).strftime("%H:%M") if first else "08:00", venue=meeting.place,
            agenda=(meeting.title,), dress="Batik/tenun daerah",
            notes=_usual_notes(group), confirm_by=_answer_day(meeting).isoformat(),
            closing="Demikian disampaikan, atas perhatian dan kehadiran Saudara diucapkan terima kasih.",
            data_to_bring=_usual_data(meeting) if group == Invitation.Group.HEAD_OF_OFFICE else (),
            copies_to=_usual_copies(meeting, group),
            attachments=("daftar", "jadwal", "data"),
        )  # fmt: skip


def _spoken(aims: list[str]) -> str:
    """The aims within a sentence."""
    words = [aim.rstrip(".;")[:1].lower() + aim.rstrip(".;")[1:] for aim in aims[:3]]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"


def _usual_notes(group: str) -> tuple[str, ...]:
    if group == Invitation.Group.HEAD_OF_REGION:
        return ("Kehadiran Saudara dapat diwakili pejabat yang ditunjuk.",)
    return ()


def _usual_data(meeting: Meeting) -> tuple[str, ...]:
    return (
        f"realisasi program IKM tahun {meeting.execution_year} menurut triwulan;",
        f"permasalahan industri kecil dan menengah tahun {meeting.execution_year}; dan",
        f"usulan program IKM tahun {meeting.planning_year} dengan RAB dan berkas kesiapannya.",
    )


def _usual_copies(meeting: Meeting, group: str) -> tuple[str, ...]:
    province = meeting.province.name
    if group == Invitation.Group.HEAD_OF_REGION:
        return (f"Gubernur {province} di {meeting.province.capital or 'Tempat'} (sebagai laporan)",)
    return (f"Gubernur {province} di {meeting.province.capital or 'Tempat'} (sebagai laporan)",
            f"Sekretaris Daerah Provinsi {province} (sebagai laporan)")  # fmt: skip


def _answer_day(meeting: Meeting) -> dt.date:
    """Two weeks before the first day; where that is over, the middle of the days that are left."""
    today, last = timezone.localdate(), meeting.starts_on - dt.timedelta(days=1)
    if (day := meeting.starts_on - ANSWER_DAYS) > today or last <= today:
        return day if day > today else last
    return today + (last - today) / 2


def recipients_of(letter: Letter) -> list[Invitation | None]:
    """Who gets a copy: the active invitations of its group in order; decree and report have one for nobody."""
    if letter.kind != Letter.Kind.INVITATION:
        return [None]
    active = Invitation.objects.active().filter(meeting=letter.meeting_id, group=letter.group)
    return list(active.select_related("regency").order_by("order", "pk"))


def late_recipients(letter: Letter) -> QuerySet[Invitation]:
    """Active invitations of the group without any letter, added after this one was approved.

    Of several letters to a group only the one approved last takes them in: one recipient, one number.
    """
    same = Letter.objects.filter(meeting=letter.meeting_id, group=letter.group or "-", status__in=NUMBERED)
    newest = same.order_by("-approved_at", "-pk").values("pk")[:1]
    copies = LetterCopy.objects.standing().filter(invitation=OuterRef("pk"), number__isnull=False)
    active = Invitation.objects.active().filter(meeting=letter.meeting_id, group=letter.group or "-")
    active = active.annotate(newest=Subquery(newest)).filter(newest=letter.pk).exclude(Exists(copies))
    return active.select_related("regency").order_by("order", "pk")


def missing_parts(letter: Letter) -> list[str]:
    """What the letter lacks before it may be initialled, as sentences."""
    found = []
    if fault := signer_fault(letter.group, letter.signer_id, timezone.localdate()):
        found.append(fault)
    if letter.register_id is None:
        found.append(_("Register nomor belum dipilih."))
    elif letter.kind == Letter.Kind.INVITATION and (fault := register_fault(letter.signer, letter.register)):
        found.append(fault)
    if letter.kind == Letter.Kind.INVITATION:
        return [*found, *_missing_words(letter)]
    return [*found, *missing_text(letter)]


def _missing_words(letter: Letter) -> list[str]:
    content, found = InvitationContent.of(letter.content), []
    if not (content.starts_on and content.venue and content.agenda):
        found.append(_("Hari, tempat, atau acaranya belum diisi."))
    elif content.last_day and content.first_day and content.last_day < content.first_day:
        found.append(_("Hari terakhir mendahului hari pertama."))
    recipients = recipients_of(letter)
    if not recipients:
        found.append(_("Belum ada penerima pada golongan ini."))
    if letter.group != Invitation.Group.HEAD_OF_REGION:
        found += [
            _("%(name)s adalah kepala daerah, jadi suratnya ditandatangani Gubernur atau Sekda: pindahkan golongannya.")
            % {"name": row.addressee}
            for row in recipients if row and names_head_of_region(row.addressee)
        ]  # fmt: skip
    return found


def warnings_of(letter: Letter) -> list[str]:
    """What does not fit the edition any more, though it forbids nothing: days and place are copied into the letter."""
    if letter.kind != Letter.Kind.INVITATION or letter.status in ("terkirim", "dibatalkan"):
        return []
    content, meeting, found = InvitationContent.of(letter.content), letter.meeting, []
    if (content.first_day, content.last_day) != (meeting.starts_on, meeting.ends_on):
        found.append(_("Tanggal dalam surat berbeda dengan tanggal rakor (%(dates)s).") % {"dates": meeting.dates})
    if content.deadline and content.deadline <= timezone.localdate():
        found.append(_("Batas konfirmasi %(day)s sudah lewat.") % {"day": long_date(content.deadline)})
    if foreign := foreign_register(letter.signer, letter.register):
        found.append(foreign)
    if not meeting.published:
        found.append(_("Jadwal rakor belum ditetapkan, jadi penerima belum dapat membuka agendanya di portal."))
    return found


def edition_open(letter: Letter) -> Decision:
    """Whether the edition still takes letters: of invitation until it is over, a report until it is put away."""
    closed = ("dibatalkan", "arsip") if letter.kind != Letter.Kind.INVITATION else ("dibatalkan", "arsip", "selesai")
    return allow_if(
        letter.meeting.status not in closed,
        _("Rakor yang sudah selesai, diarsipkan atau dibatalkan tidak mengirim surat lagi."),
    )


def may_move(user: Any, letter: Letter, move: str) -> Decision:
    """`rules.may_move_letter`, and who began or changed the text neither initials nor approves it, as whoever."""
    decision = rules.may_move_letter(user, letter, move)
    if move in ("initial", "approve", "send"):
        decision &= edition_open(letter)
    return decision & _wrote_nothing(user, letter) if move in ("initial", "approve") and decision else decision


def may_number_late(user: Any, letter: Letter) -> Decision:
    """`rules.may_number_late`: a copy more is an approval more, so neither who wrote nor who initialled it gives it."""
    decision = rules.may_number_late(user, letter) & edition_open(letter)
    if not decision:
        return decision
    return _wrote_nothing(user, letter) & allow_if(
        user.pk != letter.initialled_by_id, _("Yang menyetujui bukan penyusun atau pemaraf surat ini.")
    )


def _wrote_nothing(user: Any, letter: Letter) -> Decision:
    wrote = Entry.objects.about(letter).filter(actor=user.pk, verb__in=WRITING).exists()
    return allow_if(not wrote, _("Anda ikut menulis surat ini, jadi pejabat lain yang memaraf dan menyetujuinya."))


def letters_of(user: Any, meeting: Meeting) -> list[Letter]:
    """The letters of the edition with `total`, `ready`, `read` of their copies; cancelled and revoked ones last."""
    standing = Q(copies__voided_at__isnull=True)
    rows = (
        Letter.objects.visible_to(user).filter(meeting=meeting)
        .select_related("signer__person", "meeting")
        .annotate(
            total=Count("copies", filter=standing & Q(copies__isnull=False)),
            ready=Count("copies", filter=standing & Q(copies__document__status=READY)),
            read=Count("copies", filter=standing & Q(copies__read_at__isnull=False)),
            revoked=Exists(Letter.objects.filter(revokes=OuterRef("pk"), status__in=NUMBERED)),
        )
    )  # fmt: skip
    order = [Letter.Kind.DECREE, Letter.Kind.INVITATION, Letter.Kind.REPORT]
    groups = ["", *Invitation.Group.values]
    return sorted(
        rows,
        key=lambda row: (
            row.status == "dibatalkan" or row.revoked,
            order.index(row.kind),
            groups.index(row.group),
            row.pk,
        ),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the papers of a letter are."""

    total: int
    ready: int
    failed: int
    sent: int
    read: int
    voided: int

    @property
    def waiting(self) -> int:
        """Papers that a worker still has to make."""
        return self.total - self.ready - self.failed

    @property
    def percent(self) -> int:
        """Of all papers, how many are ready."""
        return 100 * self.ready // self.total if self.total else 0


def progress_of(letter: Letter) -> Progress:
    """The state of the copies, in one statement."""
    standing = Q(voided_at__isnull=True)
    return Progress(
        **letter.copies.aggregate(
            total=Count("pk", filter=standing),
            ready=Count("pk", filter=standing & Q(document__status=READY)),
            failed=Count("pk", filter=standing & Q(document__status=FAILED)),
            sent=Count("pk", filter=standing & Q(sent_at__isnull=False)),
            read=Count("pk", filter=standing & Q(read_at__isnull=False)),
            voided=Count("pk", filter=~standing),
        )
    )


def copies_listed(user: Any, letter: Letter, *, q: str = "", state: str = "", sort: str = "") -> QuerySet[LetterCopy]:
    """The copies that fit the search, with number, paper and answer."""
    rows = LetterCopy.objects.visible_to(user).filter(letter=letter)
    rows = rows.select_related("number", "document", "invitation__regency").defer("document__facts")
    for word in q.split():
        rows = rows.filter(
            Q(addressee__icontains=word) | Q(place__icontains=word) | Q(number__text__icontains=word)
            | Q(invitation__regency__name__icontains=word)
        )  # fmt: skip
    if state in COPY_STATES:
        rows = rows.filter(COPY_STATES[state][1])
    return rows.order_by(*COPY_SORTS.get(sort, COPY_SORTS["order"])[1])


def all_copies(user: Any, meeting: Meeting) -> QuerySet[LetterCopy]:
    """Every copy of every letter of the edition, also those taken back, in the order of their numbers."""
    rows = LetterCopy.objects.visible_to(user).filter(letter__meeting=meeting).select_related("letter", "number")
    return rows.order_by("number__register", "number__year", "number__sequence", "number__suffix", "pk")


def copy_state(copy: LetterCopy) -> tuple[str, str]:
    """(label, tone) of one copy with its paper at hand."""
    if copy.voided_at:
        return _("Ditarik"), "danger"
    if copy.read_at:
        return _("Dibuka %(at)s") % {"at": _moment(copy.read_at)}, "success"
    if copy.document and copy.document.status == FAILED:
        return _("Gagal dicetak"), "danger"
    if copy.sent_at:
        return _("Terkirim %(at)s") % {"at": _moment(copy.sent_at)}, "info"
    if copy.document and copy.document.status == READY:
        return _("Siap"), "progress"
    return _("Sedang disusun"), "neutral"


def _moment(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%d/%m} {clock(local)}"
