"""What the committee's report says at first, part by part, out of what the portal knows. Pure; Markdown-light.

Where the portal knows nothing the sentence says so, or leaves a place to write in: a report is never silently wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.kernel.dates import long_date, short_date
from rakor.facts.committee_figures import Figures, Half, counted
from rakor.facts.committee_report import ReportContent
from rakor.facts.decree import fitting

SHOWN = 3
"""Letter numbers that are named; of more than that the first and the last."""


HELD = ("berlangsung", "selesai", "arsip")
"""Statuses of an edition that took place."""

GROUPS = {"kadis_kab": "kepala dinas kabupaten/kota", "kepala_daerah": "bupati/wali kota", "instansi": "instansi lain"}
"""Groups of the invited as they stand within a sentence."""


def usual_report_about(meeting: Any) -> str:
    """What the report is about; short where the edition's title would not fit."""
    return fitting(f"Pelaksanaan {meeting.title}", f"Pelaksanaan Rakor {meeting.town}", meeting)


def usual_report(meeting: Any, figures: Figures, *, agency: Any) -> ReportContent:
    """The report as the portal would write it today."""
    capital = agency.province.capital if agency.province else meeting.town
    return ReportContent(
        background=_background(meeting, figures, agency.name),
        purpose=_purpose(meeting, figures),
        scope=_scope(meeting, figures),
        basis=_basis(meeting, figures, agency.name),
        activities=_activities(meeting, figures),
        results=_results(meeting, figures),
        conclusions=_conclusions(meeting, figures),
        suggestions=_suggestions(meeting, figures),
        closing="Demikian laporan ini dibuat sebagai pertanggungjawaban panitia dan untuk dipergunakan sebagaimana "
        "mestinya.",
        attachments=tuple(_attachments(figures)),
        place=capital,
    )


def listed(names: Sequence[str]) -> str:
    """The names in one sentence: "a", "a dan b", "a, b, dan c"."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"


def _numbers(lines: Sequence[str]) -> str:
    """The lines as a numbered list."""
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))


def _joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _background(meeting: Any, figures: Figures, office: str) -> str:
    who = listed(figures.organisers) if figures.organisers else office
    held = "dilaksanakan" if meeting.status in HELD else "dijadwalkan"
    return _joined(
        f"{meeting.title} diselenggarakan oleh {who} untuk menyelaraskan pelaksanaan kegiatan tahun "
        f"{meeting.execution_year} dan penyusunan program tahun {meeting.planning_year} antara pemerintah pusat, "
        "pemerintah provinsi, dan pemerintah kabupaten/kota.",
        f"Rapat koordinasi {held} di {meeting.place} pada tanggal {meeting.dates}.",
    )


def _purpose(meeting: Any, figures: Figures) -> str:
    aims = meeting.aim_list or [
        f"mengevaluasi pelaksanaan kegiatan tahun {meeting.execution_year}",
        f"menyepakati program dan kegiatan tahun {meeting.planning_year}",
    ]
    return _joined(
        "Maksud rapat koordinasi ini adalah sebagai sarana komunikasi langsung dan penyelarasan program antara "
        "perangkat daerah yang membidangi perindustrian di provinsi dan kabupaten/kota.",
        "Tujuannya:",
        _numbers([f"{aim.rstrip('.;')};" for aim in aims[:-1]] + [f"{aims[-1].rstrip('.;')}."]),
    )


def _scope(meeting: Any, figures: Figures) -> str:
    return (
        f"Laporan ini meliputi persiapan, pelaksanaan, dan hasil rapat koordinasi dengan "
        f"{counted(figures.regencies_all, 'kabupaten/kota')}, termasuk kehadiran peserta, persidangan, pembahasan "
        "desk, kesepakatan, penandatanganan, dan pembiayaan."
    )


def _basis(meeting: Any, figures: Figures, office: str) -> str:
    lines = []
    if figures.decree:
        dated = f" tanggal {short_date(figures.decree_on)}" if figures.decree_on else ""
        lines.append(f"Keputusan Kepala Dinas Nomor {figures.decree}{dated} tentang pembentukan panitia;")
    if meeting.funding_document:
        code = f", sub-kegiatan {meeting.funding_sub_activity}" if meeting.funding_sub_activity else ""
        lines.append(f"{meeting.funding_document.rstrip('.;')}{code};")
    else:
        lines.append(f"Dokumen Pelaksanaan Anggaran {office} Tahun Anggaran {meeting.execution_year};")
    if letters := _letter_numbers(figures) or _one_letter(meeting):
        lines.append(letters)
    return _numbers([*lines[:-1], f"{lines[-1].rstrip('.;')}."])


def _letter_numbers(figures: Figures) -> str:
    numbers = figures.invitation_numbers
    if not numbers:
        return ""
    named = listed(numbers) if len(numbers) <= SHOWN else f"{numbers[0]} sampai dengan {numbers[-1]}"
    return f"Surat undangan Nomor {named};"


def _one_letter(meeting: Any) -> str:
    return f"Surat undangan Nomor {meeting.invitation_number};" if meeting.invitation_number else ""


def _activities(meeting: Any, figures: Figures) -> str:
    return _joined(
        f"**Undangan dan peserta.** {_invited(figures)}",
        _participants(figures),
        f"**Kehadiran.** {_attendance(figures)}",
        f"**Persidangan.** {_sessions(figures)}",
    )


def _invited(figures: Figures) -> str:
    if not figures.invitations:
        return "Surat undangan tidak tercatat sebagai terkirim melalui portal."
    groups = [f"{sent} kepada {GROUPS[group]}" for group, sent, _coming in figures.invitations]
    total = sum(sent for _group, sent, _coming in figures.invitations)
    coming = sum(coming for _group, _sent, coming in figures.invitations)
    return f"Surat undangan dikirim kepada {counted(total, 'alamat')}: {listed(groups)}; {coming} menyatakan hadir."


def _participants(figures: Figures) -> str:
    if not figures.registered:
        return "Peserta belum didaftarkan pada portal."
    groups = [f"{row.name[:1].lower()}{row.name[1:]} {row.registered} orang" for row in figures.categories]
    return (
        f"Peserta yang terdaftar berjumlah {counted(figures.registered, 'orang')}, terdiri atas {listed(groups)}. "
        f"Utusan yang terdaftar berasal dari {counted(figures.regencies_registered, 'kabupaten/kota')}."
    )


def _attendance(figures: Figures) -> str:
    held = [row for row in figures.halves if row.came or row.excused or row.closed]
    if not held:
        return "Kehadiran tidak dicatat pada portal."
    return _joined(
        f"Peserta yang hadir sekurang-kurangnya satu kali berjumlah {counted(figures.present, 'orang')} dari "
        f"{counted(figures.regencies_present, 'kabupaten/kota')} dan instansi terkait. Rinciannya:",
        "\n".join(f"- {_half(row)};" for row in held[:-1]) + f"\n- {_half(held[-1])}.",
    )


def _half(row: Half) -> str:
    parts = [f"hadir {row.came} dari {row.expected} orang"]
    parts += [f"{row.late} di antaranya terlambat"] if row.late else []
    parts += [f"izin {row.excused}"] if row.excused else []
    return f"{long_date(row.on)} {row.half}: {', '.join(parts)}"


def _sessions(figures: Figures) -> str:
    if not figures.days:
        return "Susunan acara belum diisi pada portal."
    return _joined(
        "Persidangan berlangsung menurut susunan acara sebagai berikut.",
        *(f"{long_date(day)}:\n\n{_items(titles)}" for day, titles in figures.days),
    )


def _items(titles: Sequence[str]) -> str:
    lines = [_plain(title) for title in titles]
    return _numbers([f"{line}{'.' if line is lines[-1] else ';'}" for line in lines])


def _plain(title: str) -> str:
    """A title in which no mark of Markdown-light is read as one."""
    return "".join(f"\\{sign}" if sign in "*_\\`[]<>" else sign for sign in title).rstrip(".;")


def _results(meeting: Any, figures: Figures) -> str:
    return _joined(
        f"**Pembahasan desk dan kesepakatan program.** {_decided(meeting, figures)}", _agreed(figures),
        f"**Notula.** {_minuted(figures)}", f"**Penandatanganan.** {_signed(figures)}",
        f"**Pembiayaan.** {_funded(meeting)}",
    )  # fmt: skip


def _decided(meeting: Any, figures: Figures) -> str:
    desks = (
        f"Pembahasan dilakukan pada {counted(figures.desks, 'desk')}; {figures.desks_closed} di antaranya ditutup. "
        if figures.desks
        else ""
    )
    sums = figures.totals
    if sums is None:
        waiting = f" Sebanyak {counted(figures.undecided, 'usulan')} menunggu putusan." if figures.undecided else ""
        return f"{desks}Belum ada usulan program tahun {meeting.planning_year} yang diputuskan.{waiting}"
    waiting = f" Sebanyak {counted(figures.undecided, 'usulan')} lainnya belum diputuskan." if figures.undecided else ""
    return (
        f"{desks}Dari {counted(int(sums['count']), 'usulan')} program tahun {meeting.planning_year} dengan jumlah pagu "
        f"Rp{sums['proposed']}, disepakati {counted(int(sums['agreed_count']), 'program')} dengan jumlah pagu "
        f"{sums['agreed_words']}. Sebanyak {counted(int(sums['other_count']), 'usulan')} dengan jumlah pagu "
        f"Rp{sums['other_proposed']} ditunda, tidak disepakati, atau dialihkan.{waiting}"
    )


def _agreed(figures: Figures) -> str:
    if figures.agreement_on is None:
        return "Berita acara kesepakatan belum disahkan sidang pleno."
    number = f" Nomor {figures.agreement_number}" if figures.agreement_number else ""
    signed = " dan telah ditandatangani" if figures.agreement_status == "ditandatangani" else ""
    return f"Berita Acara Kesepakatan{number} disahkan sidang pleno pada {long_date(figures.agreement_on)}{signed}."


def _minuted(figures: Figures) -> str:
    if not figures.minutes:
        return "Notula persidangan belum disusun pada portal."
    text = f"Notula disusun untuk {counted(figures.minutes, 'sesi')}, {figures.minutes_final} di antaranya sudah final"
    if figures.minute_decisions or figures.follow_ups:
        text += f", dengan {figures.minute_decisions} keputusan dan {figures.follow_ups} tindak lanjut"
    return f"{text}."


def _signed(figures: Figures) -> str:
    """What was signed, and what was prepared and waits."""
    papers = (
        (figures.contracts, figures.contracts_signed, "kontrak", "kerja tenaga penyuluh lapangan"),
        (figures.memoranda, figures.memoranda_signed, "nota", "kesepahaman"),
    )
    done = [f"{n} dari {counted(all_of_them, word)} {of}" for all_of_them, n, word, of in papers if n]
    waits = [f"{counted(all_of_them, word)} {of}" for all_of_them, n, word, of in papers if all_of_them and not n]
    if not done and not waits:
        return "Tidak ada kontrak atau nota kesepahaman yang ditandatangani dalam rapat koordinasi ini."
    told = [f"Dalam rapat koordinasi ini ditandatangani {listed(done)}."] if done else []
    told += [f"Belum ditandatangani: {listed(waits)}."] if waits else []
    return " ".join(told)


def _funded(meeting: Any) -> str:
    if not meeting.funding_document:
        return "Sumber pembiayaan belum dicatat pada portal."
    code = f" (sub-kegiatan {meeting.funding_sub_activity})" if meeting.funding_sub_activity else ""
    return f"Biaya penyelenggaraan dibebankan pada {_plain(meeting.funding_document)}{code}."


def _conclusions(meeting: Any, figures: Figures) -> str:
    held = "telah dilaksanakan" if meeting.status in HELD else "dijadwalkan"
    lines = [f"Rapat koordinasi {held} di {meeting.town} pada tanggal {meeting.dates};"]
    if figures.present:
        lines.append(f"Rapat koordinasi diikuti {counted(figures.regencies_present, 'kabupaten/kota')};")
    if figures.totals:
        lines.append(
            f"Program tahun {meeting.planning_year} yang disepakati berjumlah {figures.totals['agreed_count']} dengan "
            f"pagu Rp{figures.totals['agreed']};"
        )
    else:
        lines.append(f"Program tahun {meeting.planning_year} belum disepakati;")
    if figures.undecided:
        lines.append(f"{counted(figures.undecided, 'usulan')} program tahun {meeting.planning_year} belum diputuskan;")
    if figures.follow_ups:
        lines.append(f"{counted(figures.follow_ups, 'tindak lanjut')} tercatat dalam notula;")
    return _numbers([*lines[:-1], f"{lines[-1].rstrip(';')}."])


def _suggestions(meeting: Any, figures: Figures) -> str:
    lines = [
        "Kabupaten/kota menindaklanjuti program yang disepakati dalam dokumen perencanaan dan penganggaran "
        "masing-masing;"
    ]
    if absent := figures.regencies_all - figures.regencies_present if figures.present else 0:
        lines.append(f"Hasil rapat koordinasi disampaikan kepada {counted(absent, 'kabupaten/kota')} yang tidak hadir;")
    if open_desks := figures.desks - figures.desks_closed if figures.desks_closed else 0:
        lines.append(f"{counted(open_desks, 'desk')} yang belum ditutup diselesaikan sesudah rapat koordinasi;")
    lines.append("Pelaksanaan kesepakatan dipantau melalui laporan realisasi triwulan.")
    return _numbers(lines)


def _attachments(figures: Figures) -> list[str]:
    found = ["Keputusan tentang pembentukan panitia", "Surat undangan", "Susunan acara", "Daftar hadir"]
    found += ["Materi narasumber"] if figures.presentations else []
    found += ["Notula"] if figures.minutes else []
    found += ["Berita acara kesepakatan beserta lampirannya"] if figures.agreement_status else []
    found += ["Kontrak dan nota kesepahaman yang ditandatangani"] if figures.contracts or figures.memoranda else []
    found += ["Dokumentasi foto"] if figures.photos else []
    return [*found, "Rincian biaya"]
