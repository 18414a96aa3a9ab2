"""The ceremonies of 2019 and 2012 as real input: contracts ready to be signed; another province is data."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import User
from portal.documents.keeping import keep
from portal.documents.models import Document
from portal.kernel.errors import Blocked
from programs.actions import contracts_together
from programs.actions.contracts import end_contracts
from programs.facts.contract_periods import last_day
from programs.models import Contract, ExtensionWorker
from programs.queries.contracts_checks import remarks
from programs.queries.contracts_signers import stored_signers
from rakor.actions.demo import demo_user
from rakor.management.commands import load_ceremony
from rakor.models import Ceremony, CeremonyItem, Meeting
from regencies.models import LetterNumber, Position
from regencies.queries import lead_agency
from tests import factories
from tests.factories_agreements import make_pdf
from tests.sources import ROOT


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Contracts that a worker would freeze."""
    heard: list[int] = []
    monkeypatch.setattr(contracts_together, "_tell_worker", heard.append)
    return heard


@pytest.fixture
def belu(db: None) -> str:
    """The demo with the ceremony of 2019; what the command said."""
    factories.ensure_initial_data()
    call_command("load_demo", verbosity=0)
    out = io.StringIO()
    call_command("load_ceremony", "belu-2019", stdout=out)
    return out.getvalue()


def test_twelve_contracts_wait_in_the_signing_session(belu: str) -> None:
    ceremony = Ceremony.objects.get()
    assert (ceremony.session.meeting.slug, ceremony.session.kind) == ("atambua-2019", "penandatanganan")
    assert "TPL-IKM" in ceremony.session.title and ceremony.opened_at is None
    assert (ceremony.items.count(), ceremony.items.filter(on_stage=True).count()) == (12, 3)
    contracts = Contract.objects.filter(ceremony_item__isnull=False)
    assert {(row.status, row.route, row.place) for row in contracts} == {("siap_ttd", "basah", "Atambua")}
    assert sorted(contracts.values_list("worker__cohort", flat=True)) == [2014] * 6 + [2015] * 6
    assert {(row.worker.cohort, row.contract_year) for row in contracts} == {(2014, 2), (2015, 1)}
    assert contracts.values("regency").distinct().count() == 8
    assert set(contracts.filter(ceremony_item__on_stage=True).values_list("regency__code", flat=True)) == {"53.04"}
    assert len({row.number.text for row in contracts}) == 12 and belu.count("Siap tanda tangan") == 12
    for row in contracts:
        assert not [remark.sentence for remark in remarks(row) if remark.blocks]
        assert len({row.created_by_id, row.checked_by_id, row.approved_by_id}) == 3


def test_papers_that_wait_are_of_today_and_run_a_year(belu: str) -> None:
    today = timezone.localdate()
    for row in Contract.objects.filter(ceremony_item__isnull=False).select_related("number"):
        assert (row.signing_on, row.starts_on, row.number.on) == (today, today, today)
        assert row.ends_on == last_day(today, 12) and not remarks(row)


def test_signed_on_its_own_day_everything_bears_that_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve in force since the ceremony, as numbers and dates say; later the calendar ends them like any other."""
    factories.ensure_initial_data()
    monkeypatch.setattr(load_ceremony, "render_now", printed)
    call_command("load_demo", verbosity=0)
    call_command("load_ceremony", "belu-2019", sign=True, verbosity=0)
    day, eve = dt.date(2019, 4, 24), dt.date(2019, 4, 23)
    contracts = list(Contract.objects.select_related("number", "worker").order_by("number__sequence"))
    assert [row.number.sequence for row in contracts] == list(range(1, 13))
    for row in contracts:
        assert (row.status, row.effective_on, row.number.on, row.number.year) == ("aktif", day, eve, 2019)
        assert (row.starts_on, row.ends_on) == (dt.date(2019, 5, 1), dt.date(2020, 4, 30))
        assert row.worker.status == "kontrak"
        given = [row.checked_at, row.approved_at, row.frozen_at, *row.signatures.values_list("signed_at", flat=True)]
        assert given == sorted(given) and timezone.localtime(given[-1]).date() == day
    ceremony = Ceremony.objects.select_related("session").get()
    session = ceremony.session
    assert session.starts_at == ceremony.opened_at < ceremony.closed_at <= session.ends_at
    assert end_contracts() == 12
    assert {row.ended_on for row in Contract.objects.all()} == {dt.date(2020, 4, 30)}


def printed(document: Any) -> Any:
    """The paper as if it had been rendered."""
    content = make_pdf(6)
    digest = hashlib.sha256(content).hexdigest()
    Document.objects.filter(pk=document.pk).update(
        status="ready", file=keep(content, "dokumen"), sha256=digest, pages=6, size=len(content), engine="x",
        finished_at=timezone.now(),
    )  # fmt: skip


def test_no_screen_names_the_moment_of_a_step() -> None:
    """Initial, approval and freezing happen now for whoever clicks; only commands bring in papers of the past."""
    verbs = re.compile(r"(check_contract|approve_contract|freeze_contract)\([^\n]*\bat=")
    users = [path for app in ("portal", "regencies", "programs", "rakor") for path in (ROOT / app).rglob("*.py")
             if verbs.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert {path.relative_to(ROOT).as_posix() for path in users} == {
        "rakor/actions/ceremony_loading.py", "rakor/management/commands/load_ceremony.py",
    }  # fmt: skip


def test_a_moment_of_the_past_keeps_the_order_of_the_register(belu: str) -> None:
    contract = Contract.objects.filter(ceremony_item__isnull=False).order_by("pk").first()
    contract.number.voided_at, contract.number.void_reason = timezone.now(), "Uji"
    contract.number.save()
    Contract.objects.filter(pk=contract.pk).update(status="diparaf", number=None, document=None, approved_at=None)
    head, day = demo_user("kadis-prov"), dt.timedelta(days=1)
    with pytest.raises(Blocked, match="belum tiba"):
        contracts_together.approve_contract(contract, by=head, at=timezone.now() + day)
    with pytest.raises(Blocked, match="Nomor terakhir bertanggal"):
        contracts_together.approve_contract(contract, by=head, at=timezone.now() - day)
    assert contracts_together.approve_contract(contract, by=head).number.on == timezone.localdate()


def test_who_signs_before_whom(belu: str) -> None:
    for contract in Contract.objects.filter(ceremony_item__isnull=False).select_related("regency"):
        first, second, *seen = stored_signers(contract)
        assert first.position.agency.regency == contract.regency and first.position.role == "kadis_kab"
        assert (second.worker, first.step, second.step) == (contract.worker, 1, 2)
        assert [(each.position.role, each.position.standing) for each in seen] == [
            ("pimpinan", "definitif"), ("kadis_prov", "plt"),
        ]  # fmt: skip
        assert {each.witnesses for each in seen} == {first} and {each.step for each in seen} == {3}
        assert seen[0].title == "Bupati Belu" and seen[1].title.startswith("Plt. Kepala Dinas")


def test_a_second_time_nothing_changes_and_what_people_did_stays(belu: str) -> None:
    def counts() -> list[int]:
        models = (Contract, ExtensionWorker, LetterNumber, User, Position, CeremonyItem)
        return [model.objects.count() for model in models]

    before = counts()
    CeremonyItem.objects.filter(on_stage=True).first().delete()
    call_command("load_ceremony", "belu-2019", verbosity=0)
    assert counts() == [*before[:-1], 11]


def test_an_edition_that_is_over_is_left_alone(belu: str) -> None:
    Meeting.objects.filter(slug="atambua-2019").update(status="selesai")
    CeremonyItem.objects.all().delete()
    call_command("load_ceremony", "belu-2019", verbosity=0)
    assert not CeremonyItem.objects.exists()
    Ceremony.objects.all().delete()
    Meeting.objects.get(slug="atambua-2019").sessions.filter(kind="penandatanganan").update(kind="pleno")
    call_command("load_ceremony", "belu-2019", verbosity=0)
    assert not Ceremony.objects.exists()


def test_its_people_are_in_the_table_of_accounts(belu: str) -> None:
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    for name in ("plt-kadis-prov", "bupati-blu", "kabid-blu", "tpl-blu"):
        assert name in out.getvalue()
    worker = ExtensionWorker.objects.get(user__username="tpl-blu")
    assert worker.name.startswith("Maria") and worker.user.positions.get().role == "tpl"


def test_never_in_production(db: None, settings: Any) -> None:
    settings.MODE = "production"
    with pytest.raises(CommandError, match="hanya untuk mode lokal"):
        call_command("load_ceremony", "belu-2019")


def test_east_java_signs_four_memoranda_without_a_code_change(db: None, settings: Any) -> None:
    factories.ensure_initial_data()
    settings.PROVINCE_CODE = "35"
    call_command("load_province", ROOT / "regencies" / "data" / "jatim.csv", stdout=io.StringIO())
    out = io.StringIO()
    call_command("load_ceremony", "jatim-2012", sign=True, stdout=out)
    meeting = Meeting.objects.get()
    assert (meeting.dates, meeting.place, meeting.province.name) == (
        "25–26 Maret 2012", "Hotel Bumi, Surabaya", "Jawa Timur",
    )  # fmt: skip
    assert meeting.organisers.get().agency == lead_agency() and lead_agency().province.code == "35"
    ceremony = Ceremony.objects.get()
    assert ceremony.session.starts_at.strftime("%A") == "Monday" and ceremony.closed_at
    contracts = list(Contract.objects.order_by("pk"))
    assert [row.regency.code for row in contracts] == ["35.10", "35.04", "35.22", "35.73"]
    day = dt.date(2012, 3, 26)
    for row in contracts:
        assert (row.status, row.effective_on, row.starts_on, row.signing_on) == ("aktif", day, day, day)
        assert row.ends_on == dt.date(2015, 3, 25) and row.number.on == dt.date(2012, 3, 23), "a Friday"
        assert row.mandate_fields.count() == 4 and row.duration_months == 36 and row.frozen_at
        head, other, governor = stored_signers(row)
        assert head.position.role == "kadis_prov" and other.position.agency.regency == row.regency
        assert governor.title == "Gubernur Jawa Timur" and governor.witnesses == head
        assert "Jawa Timur" in str(row.document.facts) and "Nusa Tenggara" not in str(row.document.facts)
        assert row.number.text in out.getvalue()
    assert len({row.number.text for row in contracts}) == 4 and out.getvalue().count("Aktif") == 4
    call_command("load_ceremony", "jatim-2012", sign=True, verbosity=0)
    assert Contract.objects.count() == 4
