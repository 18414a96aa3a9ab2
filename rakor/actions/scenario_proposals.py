"""What one synthetic proposal says, and how its operator fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from programs.actions.attachments import add_attachment
from programs.actions.indicators import save_indicator
from programs.actions.lines import replace_lines
from programs.actions.moves import move_proposal
from programs.actions.proposals import save_fields
from programs.actions.shares import set_shares
from programs.models import HelpKind, Kbli, Proposal, ReadinessItem, Sector, SubActivity
from rakor.facts.scenario import PHYSICAL, SUBJECTS, Planned
from regencies.models import Regency


@dataclass(frozen=True)
class Content:
    """The words of one proposal."""

    title: str
    fields: dict[str, Any]
    indicator: dict[str, Any]

    @classmethod
    def of(cls, plan: Planned, subject: list[str], regency: Regency) -> Content:
        """From the regency's product and the j-th kind of program."""
        product, sector, kbli, place = subject
        title, code, kind, indicator, unit = SUBJECTS[plan.j]
        title = title.format(product=product)
        ikm = 10 * plan.units
        fields = {
            "title": title,
            "sub_activity": SubActivity.objects.get(code=code),
            "help_kind": HelpKind.objects.get(key=kind),
            "sector": Sector.objects.get(key=sector),
            "kbli": Kbli.objects.get(edition=2020, code=kbli),
            "product": product,
            "district": place,
            "village": place,
            "address": f"Pusat kegiatan IKM {place}",
            "center": f"Sentra {product}",
            "ikm_count": ikm,
            "group_count": plan.units,
            "male_workers": 2 * ikm,
            "female_workers": 3 * ikm,
            "background": f"{product} adalah produk unggulan {regency}. Usulan ini bagian dari edisi sintetis portal.",
            "problem": "Mutu, kemasan dan pasar belum ajek; sebagian pelaku belum berizin.",
            "purpose": f"Meningkatkan mutu dan pendapatan pelaku IKM {product.lower()}.",
            "method": "Persiapan, pelaksanaan, pendampingan, lalu pelaporan oleh dinas bersama penyuluh.",
            "executor": f"Dinas yang membidangi perindustrian {regency}",
            "policy_support": "RPIK dan prioritas provinsi.",
            "starts_month": 2 + plan.j % 3,
            "ends_month": 8 + plan.j % 4,
        }
        return cls(title, fields, {"kind": "keluaran", "name": indicator, "target": ikm, "unit": unit})


def fill(proposal: Proposal, plan: Planned, content: Content, *, by: Any) -> None:
    """Everything the self-check asks for, then to the head of office."""
    save_fields(proposal, content.fields, base=None, by=by)
    names = ("account_code", "description", "quantity_text", "unit", "unit_price_rupiah")
    rows = [dict(zip(names, line, strict=True)) | {"source": plan.source, "note": ""} for line in plan.lines]
    replace_lines(proposal, rows, by=by)
    set_shares(proposal, {plan.source: plan.rupiah}, by=by)
    save_indicator(proposal, content.indicator, by=by)
    scopes = ["selalu", "dak"] if plan.source == PHYSICAL else ["selalu"]
    for item in ReadinessItem.objects.filter(scope__in=scopes, is_active=True):
        add_attachment(proposal, f"{item.key}.pdf", example_pdf(), item=item, by=by)
    proposal.refresh_from_db()
    move_proposal(proposal, "submit", by=by)


def example_pdf() -> bytes:
    """A one-page PDF: the scanned file of a real proposal would stand here."""
    stream = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()
