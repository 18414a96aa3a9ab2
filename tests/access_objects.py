"""The things that the rows of the access matrix are about; made only when a row asks for them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile

from tests import factories
from tests.cast import Cast

Things = dict[str, Any]
NOBODYS = uuid.UUID(int=0)


class World:
    """One test's things. Each property makes its object once."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    @cached_property
    def draft(self) -> Any:
        """An edition in preparation."""
        return factories.make_programme(factories.make_meeting(slug="rakor-konsep"))

    @cached_property
    def published(self) -> Any:
        """An edition that everybody knows of."""
        return factories.make_programme(factories.make_meeting(slug="rakor-atambua", status="terjadwal"))

    def minutes(self, meeting: Any) -> Any:
        """Minutes of the first session, being written by the notulis, with one entry and its first version."""
        from rakor.models import EntryRevision

        minutes = factories.make_minutes(meeting.sessions.first())
        entry = factories.make_entry(minutes, changed_by=self.cast.notulis)
        EntryRevision.objects.create(entry=entry, version=1, text=entry.text, kind=entry.kind, by=self.cast.notulis)
        return minutes

    def final_minutes(self, meeting: Any) -> Any:
        """The same, signed by the head of office and the notulis."""
        from rakor.models import Minutes

        minutes = self.minutes(meeting)
        Minutes.objects.filter(pk=minutes.pk).update(
            status="final", finalised_at=minutes.session.ends_at,
            chair=self.cast.kadis_prov.positions.get(), recorder=self.cast.notulis.positions.get(),
        )  # fmt: skip
        return minutes

    def agenda_paper(self, meeting: Any) -> Any:
        """The ordered susunan acara of an edition, not yet rendered."""
        from portal.documents.actions import order_document
        from rakor.queries.papers import agenda_paper

        return order_document("agenda", agenda_paper(meeting), subject=meeting, by=self.cast.panitia)


def _agency(code: str | None) -> Callable[[World], Things]:
    return lambda world: {"pk": factories.lead_agency(code).pk}


def _emblem(code: str) -> Callable[[World], Things]:
    """The emblem of a regency, uploaded by the committee."""

    def made(world: World) -> Things:
        from regencies.actions.emblems import keep_emblem
        from regencies.actions.stand_ins import REGENCY, stand_in
        from regencies.models import Emblem

        emblem = keep_emblem(Emblem(regency=factories.regency(code)), stand_in(REGENCY), by=world.cast.panitia)
        return {"key": code, "sha256": emblem.sha256}

    return made


def _session(meeting: Any) -> Things:
    session = meeting.sessions.first()
    return {"slug": meeting.slug, "pk": session.pk, "session_id": session.pk}


def _minutes(minutes: Any) -> Things:
    entry = minutes.entries.first()
    return {
        "slug": minutes.session.meeting.slug,
        "session_id": minutes.session_id,
        "entry_id": entry.pk,
        "revision_id": entry.revisions.first().pk,
    }


def _paper(document: Any) -> Things:
    return {"public_id": document.public_id, "code": document.shown_code}


def _change(meeting: Any) -> Things:
    change = meeting.programme_changes.create(what="Sesi ditambahkan", before={}, after={})
    return {"slug": meeting.slug, "pk": change.pk}


def _contract_list(world: World) -> Things:
    """An Excel list of contracts without rows, read and not used yet."""
    from programs.models import ContractBatch
    from tests.factories_contracts import make_template

    values = {
        "template": make_template().pk, "starts_on": None, "ends_on": None, "signing_on": None, "place": "",
        "honorarium_rupiah": None, "operational_rupiah": None, "route": "basah",
    }  # fmt: skip
    batch = ContractBatch.objects.create(
        file_name="daftar.xlsx", sha256="0" * 64, common={"values": values, "columns": {}}, by=world.cast.panitia
    )
    return {"pk": batch.pk}


def _bundle(world: World) -> Things:
    """A ZIP of Belu's memorandum that Belu's operator ordered, failed."""
    from django.utils import timezone

    from portal.documents.models import Bundle

    about = _contract("aktif", "nota_kesepahaman")(world)["pk"]
    bundle = Bundle.objects.create(
        kind="contracts", title="Kontrak TPL Belu", entries=[{"name": "a.pdf", "about": about}], digest="0" * 64,
        total=1, ordered_by=world.cast.operator_belu, status="failed", error="Berkas tidak ada.",
        expires_at=timezone.now() + dt.timedelta(days=7),
    )  # fmt: skip
    return {"public_id": bundle.public_id}


def _parked(world: World) -> Things:
    from portal.accounts.models import ParkedForm

    return {"pk": ParkedForm.objects.create(user=world.cast.operator_belu, path="/akun/", data=[["phone", "1"]]).pk}


def _link(world: World) -> Things:
    from portal.accounts.models import PasswordLink

    return {"secret": PasswordLink.objects.issue(world.cast.operator_belu, by=world.cast.admin)}


def _person(name: str) -> Callable[[World], Things]:
    def find(world: World) -> Things:
        person = world.cast[name]
        position = person.positions.first()
        return {"pk": person.pk, "position_pk": position.pk if position else 0}

    return find


def _proposal(status: str) -> Callable[[World], Things]:
    from tests.factories_programs import make_proposal

    return lambda world: {"pk": make_proposal("53.04", status=status).pk}


def _line(status: str) -> Callable[[World], Things]:
    """A cost line of a proposal of Belu."""

    def make(world: World) -> Things:
        from tests.factories_programs import make_proposal

        line = make_proposal("53.04", status=status).lines.first()
        return {"pk": line.proposal_id, "line_id": line.pk}

    return make


def _indicator(status: str) -> Callable[[World], Things]:
    """An indicator of a proposal of Belu."""

    def make(world: World) -> Things:
        from tests.factories_programs import make_proposal

        indicator = make_proposal("53.04", status=status).indicators.first()
        return {"pk": indicator.proposal_id, "indicator_id": indicator.pk}

    return make


def _waiting(world: World) -> Things:
    """A complete proposal of Belu before its head, in an open round."""
    from tests.factories_programs import make_attachments, make_proposal, make_round

    make_round()
    return {"pk": make_attachments(make_proposal("53.04", status="menunggu_kadis")).pk}


def _round(world: World) -> Things:
    """The round of 2020, in which Belu has more time and a proposal that passed."""
    from tests.factories_programs import make_proposal, make_round

    found = make_round()
    until = found.closes_at + dt.timedelta(days=1)
    found.extensions.create(regency=factories.regency(), until=until, reason="Padam", by=world.cast.panitia)
    make_proposal("53.04", status="lolos")
    return {"year": found.year, "code": "53.04"}


def _journal(world: World) -> Things:
    from portal.journal.actions import record

    agency = factories.lead_agency("53.04")
    entry = record("Mengubah", agency, by=world.cast.admin)
    return {"pk": entry.pk}


def _history(thing: Callable[[World], Any]) -> Callable[[World], Things]:
    def find(world: World) -> Things:
        found = thing(world)
        return {"kind": found._meta.label_lower, "pk": str(found.pk)}

    return find


def _attachment(status: str) -> Callable[[World], Things]:
    """A file of a proposal of Belu and one that its operator has begun to send."""

    def make(world: World) -> Things:
        from programs.models import Upload
        from tests.factories_programs import make_attachments, make_proposal

        found = make_attachments(make_proposal("53.04", status=status)).attachments.first()
        upload = Upload.objects.create(
            key=NOBODYS, proposal=found.proposal, by=world.cast.operator_belu, name="a.pdf", size=9
        )
        return {"pk": found.proposal_id, "public_id": found.public_id, "key": upload.key}

    return make


def _desk(status: str, *, meeting: str = "berlangsung", pk: str = "proposal") -> Callable[[World], Things]:
    """Belu's desk with one proposal of one line; `pk` is of the proposal, the line, or a change to take back."""

    def make(world: World) -> Things:
        from rakor.actions.desks import open_desk
        from tests.factories_programs import make_desk, make_proposal

        edition = factories.make_meeting(slug="rakor-desk", status=meeting)
        proposal = make_proposal("53.04", status="siap_desk", lines=1)
        desk = make_desk(edition)
        if status == "berlangsung":
            desk = open_desk(desk, by=world.cast.verifikator)
        found = {"proposal": proposal, "line": proposal.lines.get()}
        found["change"] = edition.programme_changes.create(what="Memindahkan desk", before={}, after={})
        return {"slug": edition.slug, "session_id": desk.session_id, "pk": found[pk].pk}

    return make


def _agreement(status: str) -> Callable[[World], Things]:
    """The agreement of Atambua; its address parts name a program of Belu and the regency itself."""

    def make(world: World) -> Things:
        from programs.models import Proposal
        from tests.factories_agreements import make_agreement

        agreement = make_agreement(world.cast, status)
        found = Proposal.objects.filter(regency__code="53.04").first()
        return {"slug": agreement.meeting.slug, "pk": found.pk, "code": "53.04", "sequence": 1}

    return make


def _addendum(world: World) -> Things:
    from tests.factories_agreements import make_addendum

    addendum = make_addendum(world.cast)
    change = addendum.changes.get()
    return {"slug": "rakor-atambua", "sequence": addendum.sequence, "pk": change.proposal_id}


def _point(status: str) -> Callable[[World], Things]:
    """A point of a proposal of Belu that was returned, and perhaps sent again."""

    def find(world: World) -> Things:
        from tests.factories_programs import make_proposal

        proposal = make_proposal("53.04", status=status)
        point = proposal.return_points.create(
            submission=proposal.submissions.get(), field="title", label="Judul", note="Perbaiki.", by=world.cast.kabid
        )
        return {"pk": proposal.pk, "point": point.pk}

    return find


def _contract(status: str, kind: str = "kontrak_tpl") -> Callable[[World], Things]:
    """A contract of a worker of Belu, or an MOU with Belu; signed on paper as far as its status says."""

    def make(world: World) -> Things:
        from tests.factories_contracts import make_contract, make_worker

        worker = make_worker(user=world.cast.tpl_belu) if kind == "kontrak_tpl" else None
        return {"pk": make_contract(kind, status=status, worker=worker).pk}

    return make


def _signing(what: str) -> Callable[[World], Things]:
    """A contract of Belu on paper with its first place, its frozen print, or a scan that waits for a second person."""

    def make(world: World) -> Things:
        from programs.models import Revision

        status = "aktif" if what == "scan" else "siap_ttd"
        pk = _contract(status)(world)["pk"]
        if what == "place":
            from programs.models import Signer

            return {"pk": pk, "signer_pk": Signer.objects.get(contract=pk, step=1).pk}
        if what == "print":
            return {"pk": pk, "sequence": 1}
        scan = Revision.objects.create(
            contract_id=pk, sequence=2, kind="pindaian", file="kontrak/x.pdf", sha256="1" * 64, size=1, pages=1,
            by=world.cast.panitia,
        )  # fmt: skip
        return {"pk": pk, "sequence": scan.sequence}

    return make


def _number(*, paper: bool = False) -> Callable[[World], Things]:
    """A number of outgoing letters, taken by hand or borne by an edition, and its register."""

    def take(world: World) -> Things:
        from regencies.actions.registers import take_number
        from regencies.queries import register_for

        subject = world.published if paper else None
        number = take_number(
            register_for("surat-keluar"), on=factories.OPENING, by=world.cast.panitia, subject=subject, title="Surat"
        )
        return {"pk": number.register_id, "number_pk": number.pk}

    return take


def _worker(regency: str = "53.04", status: str = "penempatan", *, user: str = "") -> Callable[[World], Things]:
    """An extension worker placed there, perhaps with an account of the cast."""

    def make(world: World) -> Things:
        from tests.factories_contracts import make_worker

        return {"pk": make_worker("Penyuluh Contoh", regency, status, user=world.cast[user] if user else None).pk}

    return make


def _report(status: str, part: str = "") -> Callable[[World], Things]:
    """A monthly report of the worker of Belu behind tpl_belu; with the key of its visit or of a photo."""

    def make(world: World) -> Things:
        from programs.actions.reports import approve_report
        from programs.models import ReportPhoto
        from tests.programs.reports_world import contracted, make_report, submitted

        worker = contracted(world.cast.tpl_belu)
        report = make_report(worker) if status == "konsep" else submitted(worker)
        if status == "disetujui":
            approve_report(report, by=world.cast.kabid_belu)
        found = {"pk": report.pk}
        if part == "visit":
            found["key"] = report.visits.get().client_key
        if part == "photo":
            photo = ReportPhoto(report=report, sha256="0" * 64, size=1, width=1, height=1, client_key=uuid.uuid4())
            photo.file.save("laporan/uji.jpg", ContentFile(b"x"))
            found["key"] = photo.client_key
        return found

    return make


def _wording(status: str) -> Callable[[World], Things]:
    """A version of a contract template that the committee wrote."""

    def made(world: World) -> Things:
        from tests.factories_contracts import make_template

        version = make_template(status=status)
        version.authors.add(world.cast.panitia)
        return {"pk": version.pk, "template": version.template_id}

    return made


def _ceremony(*, meeting: str = "berlangsung", opened: bool = True, photo: bool = False) -> Callable[[World], Things]:
    """A signing ceremony with one contract of Belu: its item, its first signer, or a photo of the session."""

    def made(world: World) -> Things:
        from rakor.actions.ceremonies_photos import add_photo
        from rakor.facts.session_photos import read_photo
        from tests.factories_ceremonies import make_ceremony, picture

        ceremony = make_ceremony(1, by=world.cast.panitia, status=meeting, opened=opened)
        item, data = ceremony.items.get(), picture()
        things = {
            "slug": ceremony.session.meeting.slug, "session_id": ceremony.session_id, "pk": item.pk,
            "signer_id": item.contract.signers.get(step=1).pk, "size": "besar",
        }  # fmt: skip
        if photo:
            ready = read_photo("foto.jpg", data, size=len(data), largest=10**7)
            things["pk"] = add_photo(ceremony.session, ready, "Penandatanganan di aula", by=world.cast.panitia).pk
        return things

    return made


def _committee_member(world: World) -> Things:
    """The chair of the draft edition's committee."""
    row = world.draft.committee.create(seat="ketua", name="Ketua Contoh", order=1)
    return {"slug": world.draft.slug, "pk": row.pk}


def _letter(status: str) -> Callable[[World], Things]:
    """A surat undangan to the heads of office of Belu and Ende, with Belu's invitation and, once numbered, its copy."""

    def made(world: World) -> Things:
        from tests.factories_letter_moves import moved_letter

        letter = moved_letter(world.cast, status, meeting=world.published)
        invitation = world.published.invitations.get(regency__code="53.04")
        return {"slug": world.published.slug, "pk": letter.pk, "invitation_id": invitation.pk}

    return made


def _letter_copy(status: str) -> Callable[[World], Things]:
    """Belu's copy of such a letter."""

    def made(world: World) -> Things:
        from rakor.models import LetterCopy

        letter = _letter(status)(world)
        return {"pk": LetterCopy.objects.get(letter=letter["pk"], invitation=letter["invitation_id"]).pk}

    return made


def _recipient(status: str) -> Callable[[World], Things]:
    """Belu on the list of the invited, with a letter as far as that."""
    return lambda world: (found := _letter(status)(world)) | {"pk": found["invitation_id"]}


def _invited(*, sent: bool = True, withdrawn: bool = False) -> Callable[[World], Things]:
    """Belu's invitation; a sent one was accepted, has a delegate and a surat tugas."""

    def made(world: World) -> Things:
        from tests import factories_guests as guests

        cast = world.cast
        found = guests.make_invitation(world.published, by=cast.panitia if sent else None)
        things = {"slug": world.published.slug, "pk": found.pk, "registration_id": 999_999}
        if sent:
            guests.accept(found, by=cast.operator_belu)
            things["registration_id"] = guests.delegate(found, by=cast.operator_belu).pk
            guests.assign(found, by=cast.operator_belu)
        if withdrawn:
            guests.take_back(found)
        return things

    return made


def _guest(world: World) -> Things:
    """A participant that the committee wrote down."""
    from tests.factories_guests import guest

    made = guest(world.published, "Tamu Contoh", by=world.cast.panitia)
    return {"slug": world.published.slug, "registration_id": made.pk}


def _attended(world: World) -> Things:
    """The first morning of an edition that is over: a delegate of Belu was there, so he has a certificate."""
    from rakor.models import Attendance
    from tests.factories_attendance import make_list, make_registration
    from tests.factories_letters import make_copy, make_invitation, make_letter

    meeting, cast = world.published, world.cast
    type(meeting).objects.filter(pk=meeting.pk).update(status="selesai")
    invitation = make_invitation(meeting)
    letter = make_letter(meeting, cast.panitia, cast.kadis_prov.positions.get())
    copy = make_copy(letter, invitation, by=cast.kadis_prov)
    copy.sent_at = factories.at(9)
    copy.save(update_fields=["sent_at"])
    delegate = make_registration(meeting, invitation=invitation)
    morning = make_list(meeting)
    Attendance.objects.create(
        attendance_list=morning, registration=delegate, state="hadir", came_at=factories.at(8, 30)
    )
    things = {"slug": meeting.slug, "list_id": morning.pk, "session_id": meeting.sessions.first().pk}
    return things | {"registration_id": delegate.pk}


def _at_the_door(closed: bool = False) -> Callable[[World], Things]:
    """The first morning of a scheduled edition with a participant's place and card; nobody has come yet."""

    def made(world: World) -> Things:
        from rakor.actions.attendance import close_list
        from tests.factories_attendance import make_list, make_registration

        morning, place = make_list(world.published), make_registration(world.published)
        if closed:
            close_list(morning, by=world.cast.panitia)
        things = {"slug": world.published.slug, "pk": morning.pk, "list_id": morning.pk}
        return things | {"registration_id": place.pk, "token": place.token}

    return made


def _hall_screen(world: World) -> Things:
    """The first morning's screen in the hall, which needs no login."""
    from rakor.actions.attendance_screens import open_screen
    from tests.factories_attendance import make_list

    return {"key": open_screen(make_list(world.published), by=world.cast.panitia).screen_key}


def _letter_text(kind: str) -> Callable[[World], Things]:
    """The committee's decree or report of the draft edition, as the portal begins it."""

    def made(world: World) -> Things:
        from rakor.actions.committee import start_text

        return {"slug": world.draft.slug, "pk": start_text(world.draft, kind, by=world.cast.panitia).pk}

    return made


def _authority(world: World) -> Things:
    """The portal's own signing authority; it stays for the run."""
    from portal.signing.authority import make_authority

    make_authority("Otoritas Uji")
    return {}


def _message(status: str = "menunggu", step: str = "salin") -> Callable[[World], Things]:
    """A message to the office of Belu (its head reads it), with a calendar."""

    def made(world: World) -> Things:
        from portal.outbox import actions
        from portal.outbox.facts import Enclosure, Part, Recipient, person_key

        belu = Recipient("belu", "Kepala Dinas Belu", audience=(person_key(world.cast.kadis_belu.pk),))
        message = actions.put(
            world.published, recipient=belu, part=Part("surat", "Undangan ke Atambua", "Mohon hadir.", "/rakor/"),
            attachments=[Enclosure("agenda.ics", content=b"BEGIN:VCALENDAR", mime="text/calendar")],
            by=world.cast.panitia,
        )  # fmt: skip
        if status == "dilepas":
            actions.release([message], by=world.cast.panitia)
        return {"pk": message.pk, "step": step, "file_id": message.attachments.get().pk}

    return made


def _reminder(world: World) -> Things:
    """A reminder planned for the first day of the published edition."""
    row = world.published.reminders.create(on=factories.OPENING, text="Mohon jawaban.", by=world.cast.panitia)
    return {"slug": world.published.slug, "pk": row.pk}


def _calendar(world: World) -> Things:
    """The subscribed calendar of a participant, behind the secret of his card."""
    from rakor.actions.calendars import subscribe
    from tests.factories_attendance import make_registration

    place = make_registration(world.published)
    return {"token": place.token, "key": subscribe(registration=place).key}


OBJECTS: dict[str, Callable[[World], Things]] = {
    "-": lambda world: {},
    # messages, reminders, calendars
    "message": _message(),
    "message-released": _message("dilepas"),
    "no-message": lambda world: {"pk": 999_999, "step": "salin", "file_id": 999_999},
    "reminder": _reminder,
    "calendar": _calendar,
    "no-calendar": lambda world: {"token": "tidakada", "key": "tidakada"},
    # the committee and its texts
    "committee-member": _committee_member,
    # invitations and participants
    "invitation": _invited(),
    "invitation-unsent": _invited(sent=False),
    "invitation-withdrawn": _invited(withdrawn=True),
    "no-invitation": lambda world: {"slug": world.published.slug, "pk": 999_999, "registration_id": 999_999},
    "guest": _guest,
    # attendance and its papers
    "door": _at_the_door(),
    "door-closed": _at_the_door(closed=True),
    "screen": _hall_screen,
    "no-screen": lambda world: {"key": "tidakada"},
    "no-door": lambda world: {
        "slug": world.published.slug,
        "pk": 999_999,
        "list_id": 999_999,
        "registration_id": 999_999,
        "token": "tidakada",
    },
    "attended": _attended,
    "not-attended": lambda world: {
        "slug": world.published.slug,
        "list_id": 999_999,
        "session_id": 999_999,
        "registration_id": 999_999,
    },
    # letters and the list of the invited
    "letter-draft": _letter("konsep"),
    "letter-initialled": _letter("diparaf"),
    "letter-numbered": _letter("disetujui"),
    "letter-sent": _letter("terkirim"),
    "letter-copy": _letter_copy("disetujui"),
    "letter-copy-sent": _letter_copy("terkirim"),
    "no-letter": lambda world: {"slug": world.published.slug, "pk": 999_999, "invitation_id": 999_999},
    "recipient": _recipient("konsep"),
    "recipient-lettered": _recipient("terkirim"),
    "no-recipient": lambda world: {"slug": world.published.slug, "pk": 999_999},
    "decree": _letter_text("sk_panitia"),
    "report-of-the-committee": _letter_text("laporan_panitia"),
    # regencies
    "belu": lambda world: {"code": "53.04"},
    "no-regency": lambda world: {"code": "99.99"},
    "office-of-belu": _agency("53.04"),
    "office-of-the-province": _agency(None),
    "no-office": lambda world: {"pk": 999_999},
    "emblem-of-belu": _emblem("53.04"),
    "no-emblem": lambda world: {"key": "99.99", "sha256": "0" * 64},
    # registers of numbers
    "number": _number(),
    "number-of-a-paper": _number(paper=True),
    "no-register": lambda world: {"pk": 999_999, "number_pk": 999_999},
    # extension workers
    "worker-of-belu": _worker(),
    "worker-of-ende": _worker("53.08"),
    "worker-under-contract": _worker(status="kontrak"),
    "worker-tpl-belu": _worker(user="tpl_belu"),
    "graduate": _worker("", "lulus"),
    "no-worker": lambda world: {"pk": 999_999},
    # people
    "operator-of-belu": _person("operator_belu"),
    "the-admin": _person("admin"),
    "no-person": lambda world: {"pk": 999_999, "position_pk": 999_999},
    # editions and sessions
    "published": lambda world: {"slug": world.published.slug},
    "draft": lambda world: {"slug": world.draft.slug},
    "no-meeting": lambda world: {"slug": "tidak-ada"},
    "session": lambda world: _session(world.published),
    "session-of-draft": lambda world: _session(world.draft),
    "session-of-other": lambda world: _session(world.draft) | {"slug": world.published.slug},
    "change": lambda world: _change(world.published),
    "change-of-draft": lambda world: _change(world.draft),
    # minutes
    "minutes": lambda world: _minutes(world.minutes(world.published)),
    "minutes-final": lambda world: _minutes(world.final_minutes(world.published)),
    "minutes-of-draft": lambda world: _minutes(world.minutes(world.draft)),
    "minutes-not-begun": lambda world: _session(world.published),
    # desks
    "running-desk": _desk("berlangsung"),
    "running-desk-line": _desk("berlangsung", pk="line"),
    "waiting-desk": _desk("menunggu"),
    "waiting-desk-change": _desk("menunggu", pk="change"),
    "desk-of-draft": _desk("menunggu", meeting="persiapan"),
    # agreements
    "recap": _agreement("rekap"),
    "agreed": _agreement("disepakati"),
    "signed": _agreement("ditandatangani"),
    "addendum": _addendum,
    # papers
    "paper": lambda world: _paper(world.agenda_paper(world.published)),
    "paper-of-draft": lambda world: _paper(world.agenda_paper(world.draft)),
    "no-paper": lambda world: {"public_id": NOBODYS, "code": "00000-00000"},
    # proposals of Belu
    "proposal-draft": _proposal("konsep"),
    "proposal-waiting": _waiting,
    "proposal-passed": _proposal("lolos"),
    "round": _round,
    "no-round": lambda world: {"year": 2099, "code": "53.04"},
    "proposal-sent": _proposal("diajukan"),
    "proposal-returned": _proposal("dikembalikan"),
    "proposal-ready": _proposal("siap_desk"),
    "proposal-agreed": _proposal("disepakati"),
    "point-of-returned": _point("dikembalikan"),
    "point-of-sent": _point("diajukan"),
    "rubric-item": lambda world: {"key": "bahan_baku"},
    "no-rubric-item": lambda world: {"key": "tidak-ada"},
    "file-of-draft": _attachment("konsep"),
    "file-of-sent": _attachment("diajukan"),
    "line-draft": _line("konsep"),
    "line-sent": _line("diajukan"),
    "indicator-draft": _indicator("konsep"),
    "indicator-sent": _indicator("diajukan"),
    "no-line": lambda world: _line("konsep")(world) | {"line_id": 999_999},
    "no-indicator": lambda world: _indicator("konsep")(world) | {"indicator_id": 999_999},
    "no-proposal": lambda world: {"pk": 999_999},
    # contracts of Belu
    "contract-draft": _contract("konsep"),
    "contract-initialled": _contract("diparaf"),
    "contract-ready": _contract("siap_ttd"),
    "contract-partly-signed": _contract("sebagian"),
    "contract-active": _contract("aktif"),
    "contract-ended": _contract("berakhir"),
    "mou-draft": _contract("konsep", "nota_kesepahaman"),
    "mou-active": _contract("aktif", "nota_kesepahaman"),
    "contract-place": _signing("place"),
    "contract-print": _signing("print"),
    "contract-scan": _signing("scan"),
    "no-contract": lambda world: {"pk": 999_999},
    "contract-list": _contract_list,
    "bundle-of-op-belu": _bundle,
    "no-bundle": lambda world: {"public_id": NOBODYS},
    # signing ceremonies and photos of sessions
    "ceremony": _ceremony(),
    "ceremony-prepared": _ceremony(opened=False),
    "ceremony-of-draft": _ceremony(meeting="persiapan", opened=False),
    "session-photo": _ceremony(photo=True),
    # monthly reports of the worker of Belu
    "report-draft": _report("konsep"),
    "report-waiting": _report("diajukan"),
    "report-approved": _report("disetujui"),
    "report-visit": _report("konsep", "visit"),
    "report-photo": _report("diajukan", "photo"),
    "report-draft-photo": _report("konsep", "photo"),
    "no-report": lambda world: {"pk": 999_999, "key": NOBODYS},
    # wordings of contracts
    "contract-template": lambda world: {"pk": _wording("terbit")(world)["template"]},
    "wording-draft": _wording("konsep"),
    "wording-published": _wording("terbit"),
    "no-wording": lambda world: {"pk": 999_999},
    "authority": _authority,
    # accounts and journal
    "parked-by-op-belu": _parked,
    "link-for-op-belu": _link,
    "no-link": lambda world: {"secret": "tidak-ada"},
    "entry": _journal,
    "no-entry": lambda world: {"pk": 999_999},
    "office": _history(lambda world: factories.lead_agency("53.04")),
    "meeting": _history(lambda world: world.published),
    "draft-meeting": _history(lambda world: world.draft),
    "unknown-kind": lambda world: {"kind": "auth.group", "pk": "1"},
}
