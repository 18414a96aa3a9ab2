"""What the province reads of a proposal that lies with its regency again: the version last sent, nothing newer."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from portal.kernel.errors import Blocked
from programs.actions.moves import move_proposal
from programs.actions.verification import answer_point, return_proposal
from programs.models import Attachment, Proposal, ReadinessItem
from programs.queries.attachments import attachments_context, seen_attachments
from programs.queries.papers import bundle_paper
from programs.queries.verification import Wanted as QueueWanted
from programs.queries.verification import choices_of, queue
from tests.factories_programs import make_attachments, make_line, make_proposal, make_submission, sector, sub_activity

OTHER_CODE = "3.31.02.2.01.0006"


@pytest.fixture
def rewritten(cast):
    """A returned proposal whose regency has meanwhile changed sector, code and source of funds."""
    row = make_proposal(status="dikembalikan", title="Seperti dikirim")
    make_line(row, source="DAK_FISIK")
    Proposal.objects.filter(pk=row.pk).update(sector=sector("garam"), sub_activity=sub_activity(OTHER_CODE), rank=9)
    row.refresh_from_db()
    return row


def words(answer) -> str:
    """What a page says, on one line."""
    return " ".join(strip_tags(answer.content.decode()).split())


def excel(answer) -> list[tuple]:
    """The rows of a downloaded file below its header."""
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))


class TestTheQueue:
    def test_offers_only_what_was_sent(self, rewritten):
        choices = choices_of(2020)
        assert [key for key, _name in choices["sector"]] == ["tenun_ikat"]
        assert [key for key, _name in choices["source"]] == ["APBD_II"]
        assert [code for code, _name in choices["sub_activity"]] == ["3.31.02.2.01.0005"]

    def test_offers_what_lies_with_the_province(self, cast):
        row = make_proposal(status="diajukan")
        make_line(row, source="APBN")
        Proposal.objects.filter(pk=row.pk).update(sector=sector("garam"))
        choices = choices_of(2020)
        assert [key for key, _name in choices["sector"]] == ["garam"]
        assert {key for key, _name in choices["source"]} == {"APBD_II", "APBN"}


class TestTheFiles:
    def test_keep_the_words_they_were_sent_with(self, cast, client_of):
        row = make_attachments(make_proposal(status="dikembalikan"))
        file = row.attachments.get(item__key="kak")
        Attachment.objects.filter(pk=file.pk).update(
            caption="Ditulis kemudian", item=ReadinessItem.objects.get(key="foto")
        )
        page = f"/usulan/{row.pk}/lampiran/"
        assert "Ditulis kemudian" in client_of(cast.operator_belu).get(page).content.decode()
        assert "Ditulis kemudian" not in client_of(cast.verifikator).get(page).content.decode()
        (seen,) = [each for each in seen_attachments(row, cast.verifikator) if each.pk == file.pk]
        assert (seen.item.key, seen.caption) == ("kak", "")
        ready = attachments_context(row, cast.verifikator)["attachments"]["readiness"]
        assert (ready.have, ready.needed) == (2, 2)

    def test_do_not_tell_of_a_source_added_since(self, cast, rewritten):
        shown = {
            who: attachments_context(rewritten, cast[who])["attachments"]["readiness"].special
            for who in ("verifikator", "observer", "operator_belu")
        }
        assert shown == {"verifikator": "", "observer": "", "operator_belu": "DAK Fisik bidang industri"}

    def test_tell_of_a_source_that_was_sent(self, cast):
        row = make_proposal(status="dikembalikan", source="DAK_FISIK")
        row.lines.all().delete()
        row.shares.all().delete()
        assert attachments_context(row, cast.verifikator)["attachments"]["readiness"].special
        assert not attachments_context(row, cast.operator_belu)["attachments"]["readiness"].special


class TestPriority:
    """`rewritten` was sent as priority 1 and stands ninth by now; its title now begins with an A."""

    @pytest.fixture
    def two(self, rewritten):
        Proposal.objects.filter(pk=rewritten.pk).update(title="Aaa ditulis kemudian")
        other = make_proposal(status="dikembalikan", rank=2, title="Kopi")
        return rewritten, other

    def test_of_the_queue_and_its_file(self, cast, client_of, two):
        for sort in ("priority", "regency"):
            assert list(queue(cast.kabid, QueueWanted(2020, sort=sort))) == list(two)
        client = client_of(cast.kabid)
        assert "prioritas 1 " in words(client.get("/verifikasi/"))
        assert [row[3] for row in excel(client.get("/verifikasi/excel/?tahun=2020&sort=priority"))] == [1, 2]

    def test_of_the_comparison_and_its_file(self, cast, client_of, two):
        client, asked = client_of(cast.observer), {"tahun": 2020, "status": "dikembalikan"}
        assert [row[2] for row in excel(client.get(reverse("comparison_excel"), asked))] == [1, 2]
        rows = excel(client.get(reverse("comparison_excel"), asked | {"sort": "title"}))
        assert [row[3] for row in rows] == ["Kopi", "Seperti dikirim"]
        page = words(client.get(reverse("comparison"), asked))
        assert "Seperti dikirim Kabupaten Belu 1 " in page

    def test_of_its_own_page(self, cast, client_of, two):
        url = two[0].get_absolute_url()
        assert "prioritas 1 " in words(client_of(cast.verifikator).get(url))
        assert "prioritas 9 " in words(client_of(cast.operator_belu).get(url))

    def test_of_the_bundle(self, cast, two):
        paper = bundle_paper(two[0].regency, 2020, cast.verifikator)
        assert [row["title"] for row in paper["rows"]] == ["Seperti dikirim", "Kopi"]


class TestAnswers:
    """What the regency answers to a return point is part of the version it is writing: told when that is sent."""

    @pytest.fixture
    def returned(self, cast):
        row = make_attachments(make_proposal(status="diajukan"))
        return return_proposal(row, [{"target": "title", "note": "Perjelas judulnya"}], by=cast.kabid)

    @pytest.fixture
    def answered(self, cast, returned):
        answer_point(returned.return_points.get(), "Sudah saya perjelas", by=cast.operator_belu)
        return returned

    def pages(self, cast, client_of, row):
        """What each reader's page of the proposal says, and the province's page of verification."""
        url = row.get_absolute_url()
        found = {who: words(client_of(cast[who]).get(url)) for who in ("operator_belu", "kabid", "observer")}
        return found | {"sheet": words(client_of(cast.kabid).get(f"/verifikasi/{row.pk}/"))}

    def test_are_the_regency_s_own_until_it_sends_again(self, cast, client_of, answered):
        pages = self.pages(cast, client_of, answered)
        assert "Sudah saya perjelas" in client_of(cast.operator_belu).get(answered.get_absolute_url()).content.decode()
        assert "Dijawab" in pages["operator_belu"] or "Semua dijawab" in pages["operator_belu"]
        for who in ("kabid", "observer", "sheet"):
            assert "Perjelas judulnya" in pages[who] and "Sudah saya perjelas" not in pages[who]
            assert "Belum dijawab" in pages[who] and "Semua dijawab" not in pages[who]
        (row,) = queue(cast.kabid, QueueWanted(2020))
        assert (row.points, row.open_points) == (1, 1)

    def test_are_told_with_the_next_version(self, cast, client_of, answered):
        make_submission(answered)
        Proposal.objects.update(status="diajukan")
        pages = self.pages(cast, client_of, answered)
        for who in ("kabid", "observer", "sheet"):
            assert "Sudah saya perjelas" in pages[who] and "Belum dijawab" not in pages[who]
        (row,) = queue(cast.kabid, QueueWanted(2020))
        assert (row.points, row.open_points) == (1, None)

    def test_stay_untold_when_it_is_withdrawn(self, cast, client_of, answered):
        move_proposal(answered, "withdraw", by=cast.kadis_belu, note="Tidak jadi.")
        assert "Sudah saya perjelas" not in self.pages(cast, client_of, answered)["sheet"]

    def test_are_given_to_the_last_return_only(self, cast, answered):
        old = answered.return_points.get()
        make_submission(answered)
        Proposal.objects.update(status="diajukan")
        return_proposal(answered, [{"target": "title", "note": "Masih kabur"}], by=cast.kabid)
        with pytest.raises(Blocked, match="pengembalian sebelumnya"):
            answer_point(old, "Jawaban kedua", by=cast.operator_belu)
