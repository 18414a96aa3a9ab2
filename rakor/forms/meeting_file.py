"""Checks a file that describes an edition (docs/load_meeting.md) and turns it into plans for the actions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from rakor.actions.loading import EntryPlan, LoadedSession, MeetingPlan
from rakor.actions.sessions import PersonPlan, SessionPlan
from rakor.forms.files import Node
from rakor.models import Meeting, MinuteEntry, Organiser, Session
from rakor.queries.meeting_table import PART_COLUMNS
from regencies.models import Agency, Regency

_TIME = re.compile(r"^(\d{1,2})[.:](\d{2})(?:[.:]00)?$")
_PERSON = re.compile(r"^(?P<name>.+?)(?:\s*\((?P<institution>[^()]*)\))?$")
MEETING_FIELDS = {
    "alamat", "judul", "tahun", "mulai", "sampai", "tempat", "kota", "tuan_rumah", "sebelumnya", "tujuan",
    "dasar_pembiayaan", "kode_sub_kegiatan", "nomor_undangan", "tanggal_susunan_acara", "sumber",
}  # fmt: skip
SESSION_FIELDS = {
    "tanggal", "mulai", "selesai", "lama", "jenis", "acara", "rincian", "ruang", "kabupaten", "keterangan", "sumber",
    "notula", *PART_COLUMNS,
}  # fmt: skip
ENTRY_FIELDS = {
    "sesi", "jenis", "pembicara", "instansi", "isi", "tanggapan", "penanggap", "penanggung_jawab", "batas_waktu",
    "sumber",
}  # fmt: skip


@dataclass
class Checked:
    """Reads nodes and collects every error with its place instead of stopping at the first."""

    errors: list[str] = field(default_factory=list)

    def wrong(self, node: Node, sentence: str) -> None:
        """Remember an error."""
        self.errors.append(f"{node.place}: {sentence}")

    def mapping(self, node: Node, known: set[str]) -> dict[str, Node]:
        """The fields of a mapping, after unknown names were reported."""
        if not isinstance(node.value, dict):
            self.wrong(node, _("di sini harus ada kelompok isian bernama."))
            return {}
        for name, inner in node.value.items():
            if name not in known:
                self.wrong(inner, _("“%(name)s” tidak dikenal.") % {"name": name})
        return node.value

    def items(self, node: Node | None) -> list[Node]:
        """The items of a list; none when it is missing."""
        if node is None or node.value == "":
            return []
        if not isinstance(node.value, list):
            self.wrong(node, _("di sini harus ada daftar."))
            return []
        return node.value

    def text(
        self, fields: dict[str, Node], name: str, parent: Node, *, longest: int = 250, required: bool = False
    ) -> str:
        """A text on one or several lines, "" when it is missing."""
        node = fields.get(name)
        if node is None or not (node.text or isinstance(node.value, list)):
            if required:
                self.wrong(node or parent, _("“%(name)s” wajib diisi.") % {"name": name})
            return ""
        text = "\n".join(item.text for item in node.value) if isinstance(node.value, list) else node.text
        if isinstance(node.value, dict):
            self.wrong(node, _("di sini harus ada teks."))
        if len(text) > longest:
            self.wrong(node, _("teks terlalu panjang (paling banyak %(n)s huruf).") % {"n": longest})
        return text

    def date(self, fields: dict[str, Node], name: str, parent: Node, *, required: bool = False) -> dt.date | None:
        """A date written 2019-04-24 or 24/04/2019."""
        text = self.text(fields, name, parent, required=required)
        if not text:
            return None
        for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
            try:
                return dt.datetime.strptime(text, pattern).date()
            except ValueError:
                continue
        self.wrong(fields[name], _("tanggal harus ditulis seperti 2019-04-24."))
        return None

    def time(self, fields: dict[str, Node], name: str, parent: Node, *, required: bool = False) -> dt.time | None:
        """A time written 09.00 or 09:00."""
        text = self.text(fields, name, parent, required=required)
        if not text:
            return None
        match = _TIME.match(text)
        if match and int(match[1]) < 24 and int(match[2]) < 60:
            return dt.time(int(match[1]), int(match[2]))
        self.wrong(fields[name], _("waktu harus ditulis seperti 09.00."))
        return None

    def choice(self, fields: dict[str, Node], name: str, parent: Node, choices: list[str]) -> str:
        """One of the listed keys."""
        text = self.text(fields, name, parent, required=True).lower()
        if text and text not in choices:
            self.wrong(
                fields[name],
                _("“%(value)s” tidak dikenal; pilih: %(choices)s.") % {"value": text, "choices": ", ".join(choices)},
            )
        return text

    def regency(self, fields: dict[str, Node], name: str, parent: Node) -> Regency | None:
        """A kabupaten or kota by its Kemendagri code."""
        code = self.text(fields, name, parent)
        found = Regency.objects.filter(code=code).first() if code else None
        if code and found is None:
            self.wrong(fields[name], _("tidak ada kabupaten/kota dengan kode %(code)s.") % {"code": code})
        return found


def check_meeting_file(root: Node) -> tuple[MeetingPlan | None, list[str]]:
    """The plan, or None and every error found, each with its place."""
    check = Checked()
    fields = check.mapping(root, {"rakor", "penyelenggara", "sesi", "notula"})
    if "rakor" not in fields:
        check.wrong(root, _("bagian “rakor” wajib ada."))
        return None, check.errors
    plan = _meeting(check, fields["rakor"])
    plan.organisers = [_organiser(check, node) for node in check.items(fields.get("penyelenggara"))]
    plan.sessions = [_session(check, node, plan) for node in check.items(fields.get("sesi"))]
    for node in check.items(fields.get("notula")):
        _loose_entry(check, node, plan)
    return (None if check.errors else plan), check.errors


def _meeting(check: Checked, node: Node) -> MeetingPlan:
    fields = check.mapping(node, MEETING_FIELDS)
    starts_on = check.date(fields, "mulai", node, required=True)
    ends_on = check.date(fields, "sampai", node, required=True)
    if starts_on and ends_on and ends_on < starts_on:
        check.wrong(fields["sampai"], _("tanggal selesai mendahului tanggal mulai."))
    slug = check.text(fields, "alamat", node, longest=60, required=True)
    if slug and (not re.fullmatch(r"[a-z0-9-]+", slug) or slug in ("baru", "periksa-tanggal")):
        check.wrong(fields["alamat"], _("alamat hanya boleh memuat huruf kecil, angka, dan tanda hubung."))
    year = check.text(fields, "tahun", node, required=True)
    if year and not re.fullmatch(r"20\d\d", year):
        check.wrong(fields["tahun"], _("tahun harus ditulis seperti 2019."))
        year = ""
    values = {
        "title": check.text(fields, "judul", node, required=True), "execution_year": int(year or 2000),
        "starts_on": starts_on, "ends_on": ends_on,
        "venue": check.text(fields, "tempat", node, longest=150, required=True),
        "town": check.text(fields, "kota", node, longest=80, required=True),
        "host_regency": check.regency(fields, "tuan_rumah", node),
        "aims": check.text(fields, "tujuan", node, longest=5000),
        "funding_document": check.text(fields, "dasar_pembiayaan", node, longest=200),
        "funding_sub_activity": check.text(fields, "kode_sub_kegiatan", node, longest=30),
        "invitation_number": check.text(fields, "nomor_undangan", node, longest=80),
        "agenda_dated_on": check.date(fields, "tanggal_susunan_acara", node),
        "source": check.text(fields, "sumber", node, longest=2000),
    }  # fmt: skip
    previous = check.text(fields, "sebelumnya", node)
    if previous:
        _check_previous(check, fields["sebelumnya"], previous, slug)
    return MeetingPlan(slug=slug, previous=previous, values=values)


def _check_previous(check: Checked, node: Node, previous: str, slug: str) -> None:
    earlier = Meeting.objects.filter(slug=previous).first()
    if earlier is None:
        check.wrong(node, _("edisi “%(slug)s” belum ada; muat edisi itu lebih dahulu.") % {"slug": previous})
    elif Meeting.objects.filter(previous=earlier).exclude(slug=slug).exists():
        check.wrong(node, _("edisi “%(slug)s” sudah mempunyai edisi berikutnya.") % {"slug": previous})


def _organiser(check: Checked, node: Node) -> dict[str, Any]:
    fields = check.mapping(node, {"peran", "kantor"})
    role = check.choice(fields, "peran", node, Organiser.Role.values)
    office = check.text(fields, "kantor", node, required=True)
    return {"role": role, "agency": _agency(check, fields, office) if office else None}


def _agency(check: Checked, fields: dict[str, Node], office: str) -> Agency | None:
    """An office: "provinsi", "pusat", the code of a regency, or its name."""
    offices = Agency.objects.order_by("-is_lead", "pk")
    if office == "provinsi":
        found = offices.filter(level=Agency.Level.PROVINCE, is_lead=True, province__code=settings.PROVINCE_CODE)
    elif office == "pusat":
        found = offices.filter(level=Agency.Level.MINISTRY)
    elif re.fullmatch(r"\d\d\.\d\d", office):
        found = offices.filter(regency__code=office, is_lead=True)
    else:
        found = offices.filter(name__iexact=office)
    agency = found.first()
    if agency is None:
        check.wrong(fields["kantor"], _("kantor “%(name)s” tidak ditemukan.") % {"name": office})
    return agency


def _session(check: Checked, node: Node, plan: MeetingPlan) -> LoadedSession:
    fields = check.mapping(node, SESSION_FIELDS)
    starts_at, ends_at = _period(check, fields, node, plan)
    session = SessionPlan(
        kind=check.choice(fields, "jenis", node, Session.Kind.values),
        title=check.text(fields, "acara", node, required=True), starts_at=starts_at, ends_at=ends_at,
        room=check.text(fields, "ruang", node, longest=80), regency=check.regency(fields, "kabupaten", node),
        details=check.text(fields, "rincian", node, longest=2000), note=check.text(fields, "keterangan", node),
        source=check.text(fields, "sumber", node),
        people=[
            person for column, part in PART_COLUMNS.items() for person in _people(check, fields, column, part, node)
        ],
    )  # fmt: skip
    entries = [_entry(check, item) for item in check.items(fields.get("notula"))]
    return LoadedSession(plan=session, entries=entries)


def _period(check: Checked, fields: dict[str, Node], node: Node, plan: MeetingPlan) -> tuple[Any, Any]:
    day = check.date(fields, "tanggal", node, required=True)
    start = check.time(fields, "mulai", node, required=True)
    end = check.time(fields, "selesai", node)
    minutes = check.text(fields, "lama", node)
    if minutes and not re.fullmatch(r"[1-9]\d{0,2}", minutes):
        check.wrong(fields["lama"], _("lama harus ditulis dalam menit, misalnya 45."))
        minutes = ""
    elif not end and not minutes and "selesai" not in fields:
        check.wrong(node, _("isi “selesai” atau “lama”."))
    first, last = plan.values["starts_on"], plan.values["ends_on"]
    if day and first and last and not first <= day <= last:
        check.wrong(fields["tanggal"], _("tanggal ini di luar hari rakor."))
    if not day or not start:
        return None, None
    zone = timezone.get_default_timezone()
    starts_at = dt.datetime.combine(day, start, zone)
    ends_at = dt.datetime.combine(day, end, zone) if end else starts_at + dt.timedelta(minutes=int(minutes or 1))
    if ends_at <= starts_at:
        check.wrong(fields["selesai"], _("waktu selesai harus sesudah waktu mulai."))
    return starts_at, ends_at


def _people(check: Checked, fields: dict[str, Node], column: str, part: str, node: Node) -> list[PersonPlan]:
    """ "Nama (Instansi); Nama lain (Instansi)"."""
    text = check.text(fields, column, node, longest=2000)
    people = []
    for piece in re.split(r"[;\n]", text):
        match = _PERSON.match(piece.strip())
        if not match:
            continue
        name, institution = match["name"].strip(), (match["institution"] or "").strip()
        if len(name) > 150 or len(institution) > 150:
            check.wrong(fields[column], _("nama atau instansi terlalu panjang (paling banyak 150 huruf)."))
        people.append(PersonPlan(part, name, institution))
    return people


def _entry(check: Checked, node: Node) -> EntryPlan:
    fields = check.mapping(node, ENTRY_FIELDS)
    due_on = check.date(fields, "batas_waktu", node)
    words = {
        "kind": check.choice(fields, "jenis", node, MinuteEntry.Kind.values),
        "speaker": check.text(fields, "pembicara", node, longest=150),
        "institution": check.text(fields, "instansi", node, longest=150),
        "text": check.text(fields, "isi", node, longest=20_000, required=True),
        "response": check.text(fields, "tanggapan", node, longest=20_000),
        "responder": check.text(fields, "penanggap", node, longest=150),
        "responsible": check.text(fields, "penanggung_jawab", node, longest=150),
        "due_on": due_on,
        "source": check.text(fields, "sumber", node),
    }
    return EntryPlan(words)


def _loose_entry(check: Checked, node: Node, plan: MeetingPlan) -> None:
    """An entry of the sheet "notula", which names its session by the number of its row among the sessions."""
    fields = check.mapping(node, ENTRY_FIELDS)
    number = check.text(fields, "sesi", node, required=True)
    entry = _entry(check, node)
    if number and not (number.isdecimal() and 1 <= int(number) <= len(plan.sessions)):
        check.wrong(fields["sesi"], _("tidak ada sesi nomor %(number)s.") % {"number": number})
    elif number:
        plan.sessions[int(number) - 1].entries.append(entry)
