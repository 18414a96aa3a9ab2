"""What KAK, RAB and the bundle say of proposals (domain §3.5). Pure: `content` is the shape of
`programs.queries.snapshots.content_of`, live or as it was sent. Papers are Indonesian whoever orders them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.documents.shape_parts import Html, Letterhead, Signature
from portal.documents.shapes_programs import (
    BundlePart,
    BundleRow,
    CostRow,
    Costs,
    IndicatorRow,
    Kak,
    KakBody,
    ProposalBundle,
    Rab,
    RabBody,
    Row,
    SourceAmount,
)
from portal.kernel.dates import MONTHS
from portal.kernel.markup import to_html
from portal.kernel.money import rupiah_in_words, thousands

DRAFT = "KONSEP"
NOTHING = "–"
POINT = "Koordinat (lintang; bujur)"
UNTITLED = "Usulan tanpa judul"
LAWS = (
    "Undang-Undang Nomor 3 Tahun 2014 tentang Perindustrian;",
    "Peraturan Pemerintah Nomor 29 Tahun 2018 tentang Pemberdayaan Industri;",
)
"""Dasar hukum of every program of the field; the regency's own stand in "dukungan kebijakan"."""

Content = Mapping[str, Any]


def kak_facts(
    content: Content, *, letterhead: Letterhead, signatures: list[Signature], status: str = "", version: str = ""
) -> Kak:
    """The facts of template kak/v1."""
    return {
        "title": f"Kerangka Acuan Kerja (KAK) {content['code']} – {title_of(content)}",
        "short_title": f"KAK {content['code']}",
        "letterhead": letterhead,
        "status": status,
        "version": version,
        "body": kak_body(content, signatures),
    }


def rab_facts(
    content: Content, *, letterhead: Letterhead, signatures: list[Signature], status: str = "", version: str = ""
) -> Rab:
    """The facts of template rab/v1."""
    return {
        "title": f"Rencana Anggaran Biaya (RAB) {content['code']} – {title_of(content)}",
        "short_title": f"RAB {content['code']}",
        "letterhead": letterhead,
        "status": status,
        "version": version,
        "body": rab_body(content, signatures),
    }


def bundle_facts(
    regency: Any, year: int, proposals: Sequence[tuple[Content, str]], *, letterhead: Letterhead,
    signatures: list[Signature],
) -> ProposalBundle:  # fmt: skip
    """The facts of template usulan_bundel/v1: (content, status) of each proposal in priority order."""
    contents = [content for content, _status in proposals]
    return {
        "title": f"Usulan Program {regency.name} Tahun {year}",
        "short_title": f"Usulan Program {regency.name} {year}",
        "letterhead": letterhead,
        "status": DRAFT if any(status for _content, status in proposals) else "",
        "regency": regency.name,
        "heading": ["Daftar usulan program industri kecil dan menengah", regency.name, f"Tahun anggaran {year}"],
        "rows": [_bundle_row(content) for content in contents],
        "costs": costs_of(share for content in contents for share in content["shares"]),
        "proposals": [
            _bundle_part(number, content, status, signatures)
            for number, (content, status) in enumerate(proposals, start=1)
        ],
        "signatures": signatures,
    }


def kak_body(content: Content, signatures: list[Signature]) -> KakBody:
    """The chapters of the KAK."""
    fields = content["fields"]
    first, last = fields["starts_month"], fields["ends_month"]
    return {
        "heading": [title_of(content), f"Tahun anggaran {content['year']}"],
        "head": _kak_head(content),
        "legal": _legal(fields),
        "overview": _text(fields["background"]),
        "reasons": _text(fields["problem"]),
        "special": _text(fields["special_note"]),
        "purpose": _text(fields["purpose"]),
        "outputs": [_indicator(row) for row in content["indicators"] if row["kind"] == "keluaran"],
        "outcomes": [_indicator(row) for row in content["indicators"] if row["kind"] == "hasil"],
        "method": _text(fields["method"]),
        "place": _place(content),
        "executor": [fields["executor"]] if fields["executor"] else [],
        "schedule": _schedule(first, last, content["year"]),
        "months": [_goes_on(month, first, last) for month in range(1, 13)],
        "costs": costs_of(content["shares"]),
        "beneficiaries": _beneficiaries(fields),
        "signatures": signatures,
    }


def rab_body(content: Content, signatures: list[Signature]) -> RabBody:
    """The cost table with its sums. They come from the lines, so that the paper adds up whatever the shares say."""
    sums = [
        {"source": line["source"], "source_name": line["source_name"] or "Sumber dana belum dipilih",
         "in_budget": line["in_budget"] or not line["source"], "share_rupiah": line["amount_rupiah"]}
        for line in content["lines"]
    ]  # fmt: skip
    return {
        "heading": [title_of(content), f"Tahun anggaran {content['year']}"],
        "head": [
            _row("Kode usulan", content["code"]),
            _row("Kabupaten/kota", content["regency"]["name"]),
            _row("Sub-kegiatan", _chosen(content["fields"]["sub_activity"], "code", "name")),
            _row("Lokasi", ", ".join(row["value"] for row in _place(content) if row["label"] != POINT) or NOTHING),
        ],
        "rows": [_cost_row(line) for line in content["lines"]],
        "costs": costs_of(sums),
        "signatures": signatures,
    }


def costs_of(shares: Iterable[Mapping[str, Any]]) -> Costs:
    """Sums per source, budget and money outside the budget apart."""
    inside: dict[str, int] = {}
    outside: dict[str, int] = {}
    for share in shares:
        target = inside if share["in_budget"] else outside
        target[share["source_name"]] = target.get(share["source_name"], 0) + share["share_rupiah"]
    total = sum(inside.values())
    return {
        "sources": _amounts(inside),
        "total": thousands(total),
        "words": rupiah_in_words(total),
        "outside": _amounts(outside),
        "outside_total": thousands(sum(outside.values())),
    }


def title_of(content: Content) -> str:
    """The proposal's title, or what stands for it in a draft."""
    return content["fields"]["title"] or UNTITLED


def number_text(value: Any) -> str:
    """A number as Indonesian papers write it: "1.250", "12,5"; "" for nothing."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    whole = int(number)
    rest = f"{abs(number - whole):f}".partition(".")[2].rstrip("0")
    sign = "-" if number < 0 and whole == 0 else ""
    return f"{sign}{thousands(whole)}" + (f",{rest}" if rest else "")


def _kak_head(content: Content) -> list[Row]:
    fields = content["fields"]
    chosen = fields["sub_activity"] or {}
    tags = ", ".join(tag["name"] for tag in content["tags"])
    rows = [
        _row("Kode usulan", content["code"]),
        _row("Kabupaten/kota", content["regency"]["name"]),
        _row("Prioritas", str(content["rank"] or NOTHING)),
        _row("Kegiatan", " ".join(filter(None, (chosen.get("activity_code"), chosen.get("activity")))) or NOTHING),
        _row("Sub-kegiatan", _chosen(chosen, "code", "name")),
        _row("Indikator sub-kegiatan", _with_unit(chosen)),
        _row("Jenis kegiatan", _chosen(fields["help_kind"], "name")),
        _row("Sektor dan produk", " – ".join(filter(None, (_name(fields["sector"]), fields["product"]))) or NOTHING),
        _row("KBLI", _kbli(fields["kbli"])),
    ]
    return [*rows, _row("Tema", tags)] if tags else rows


def _legal(fields: Content) -> list[str]:
    regime = (fields["sector"] or {}).get("special_regime")
    return [*LAWS, *([regime] if regime else []), *_lines(fields["policy_support"])]


def _place(content: Content) -> list[Row]:
    fields = content["fields"]
    named = (
        ("Sentra IKM", fields["center"]), ("Alamat", fields["address"]), ("Desa/kelurahan", fields["village"]),
        ("Kecamatan", fields["district"]),
    )  # fmt: skip
    rows = [_row(label, value) for label, value in named if value]
    if rows:
        rows.append(_row("Kabupaten/kota", content["regency"]["name"]))
    if fields["latitude"] and fields["longitude"]:
        point = f"{str(fields['latitude']).replace('.', ',')}; {str(fields['longitude']).replace('.', ',')}"
        rows.append(_row(POINT, point))
    return rows


def _beneficiaries(fields: Content) -> list[Row]:
    men, women = fields["male_workers"], fields["female_workers"]
    named = [
        ("Pelaku IKM", fields["ikm_count"], "IKM"), ("Kelompok usaha", fields["group_count"], "kelompok"),
        ("Tenaga kerja laki-laki", men, "orang"), ("Tenaga kerja perempuan", women, "orang"),
    ]  # fmt: skip
    if men is not None or women is not None:
        named.append(("Jumlah tenaga kerja", (men or 0) + (women or 0), "orang"))
    return [_row(label, f"{thousands(count)} {unit}") for label, count, unit in named if count is not None]


def _schedule(first: int | None, last: int | None, year: int) -> str:
    if not first or not last or last < first:
        return ""
    length = last - first + 1
    span = MONTHS[first - 1] if length == 1 else f"{MONTHS[first - 1]}–{MONTHS[last - 1]}"
    return f"{span} {year} ({length} bulan)"


def _goes_on(month: int, first: int | None, last: int | None) -> bool:
    return bool(first and last and first <= month <= last)


def _indicator(row: Content) -> IndicatorRow:
    return {
        "name": row["name"] or NOTHING,
        "baseline": number_text(row["baseline"]) or NOTHING,
        "target": number_text(row["target"]) or NOTHING,
        "unit": row["unit"] or NOTHING,
    }


def _cost_row(line: Content) -> CostRow:
    quantity = line["quantity_text"] or number_text(line["quantity"])
    factors = any(sign in quantity for sign in "×x*X") and any(letter.isdigit() for letter in quantity)
    return {
        "account": line["account_code"],
        "description": line["description"] or NOTHING,
        "quantity": quantity,
        "product": number_text(line["quantity"]) if factors else "",
        "unit": line["unit"],
        "price": thousands(line["unit_price_rupiah"]),
        "amount": thousands(line["amount_rupiah"]),
        "source": line["source"].replace("_", " ") or NOTHING,
        "note": line["note"],
    }


def _bundle_row(content: Content) -> BundleRow:
    sources = dict.fromkeys(share["source"].replace("_", " ") for share in content["shares"] if share["share_rupiah"])
    chosen = content["fields"]["sub_activity"] or {}
    return {
        "rank": str(content["rank"] or NOTHING),
        "code": content["code"],
        "title": title_of(content),
        "sub_activity": chosen.get("code", NOTHING),
        "source": ", ".join(sources) or NOTHING,
        "budget": thousands(content["budget_rupiah"]),
        "outside": thousands(content["other_rupiah"]) if content["other_rupiah"] else NOTHING,
    }


def _bundle_part(number: int, content: Content, status: str, signatures: list[Signature]) -> BundlePart:
    return {
        "name": f"{number}. {content['code']} {title_of(content)}",
        "status": status,
        "kak": kak_body(content, signatures),
        "rab": rab_body(content, signatures),
    }


def _amounts(sums: Mapping[str, int]) -> list[SourceAmount]:
    return [{"source": name, "amount": thousands(amount)} for name, amount in sums.items()]


def _text(text: str) -> Html:
    return Html(to_html(text)) if text.strip() else Html("")


def _row(label: str, value: str) -> Row:
    return {"label": label, "value": value}


def _name(chosen: Content | None) -> str:
    return chosen["name"] if chosen else ""


def _chosen(chosen: Content | None, *names: str) -> str:
    return " ".join(str(chosen[name]) for name in names) if chosen else NOTHING


def _with_unit(chosen: Content) -> str:
    return f"{chosen['indicator']} ({chosen['unit']})" if chosen else NOTHING


def _kbli(chosen: Content | None) -> str:
    return f"{chosen['code']} {chosen['title']} (KBLI {chosen['edition']})" if chosen else NOTHING


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
