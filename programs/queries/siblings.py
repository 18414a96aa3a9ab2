"""Reading which other proposals of the same regency look like the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from programs.models import Proposal
from programs.rules import IN_PROCESS
from programs.workflow import PROPOSAL
from regencies.rules import regency_ids

ALIKE = 0.75
"""Share of words that two titles must have in common."""

FILL_WORDS = frozenset({"dan", "di", "bagi", "untuk", "dengan", "kabupaten", "kota", "desa", "kecamatan", "tahun"})


@dataclass(frozen=True)
class Sibling:
    """Another proposal of the regency of the same or the previous year; `words` are those of its title."""

    pk: int
    code: str
    title: str
    status: str
    year: int
    sub_activity_id: int | None
    place: str
    words: frozenset[str]


def title_words(title: str) -> frozenset[str]:
    """Words of a title without fill words, case and points; numbers count."""
    return frozenset(re.findall(r"\w+", title.lower())) - FILL_WORDS


def siblings_of(regency_id: int, year: int, user: Any = None) -> list[Sibling]:
    """All kept proposals of a regency of that and the previous year, in one statement; of `user` only what it sees.

    To the province a returned one is no sibling: what it is called now is being written again.
    """
    rows = Proposal.objects.visible_to(user) if user is not None else Proposal.objects.all()
    if user is not None and regency_id not in regency_ids(user):
        rows = rows.filter(status__in=IN_PROCESS)
    found = rows.kept().filter(regency=regency_id, year__in=(year - 1, year)).exclude(status="ditarik")
    return [
        Sibling(
            pk=row.pk, code=row.code, title=row.title, status=_(PROPOSAL.status(row.status).label), year=row.year,
            sub_activity_id=row.sub_activity_id, place=_place(row), words=title_words(row.title),
        )
        for row in found.select_related("regency").only(
            "regency", "year", "number", "title", "status", "sub_activity", "district", "village"
        )
    ]  # fmt: skip


def _place(row: Proposal) -> str:
    return " ".join(f"{row.district} {row.village}".lower().split())


def doubles(proposal: Proposal, siblings: list[Sibling]) -> Iterator[tuple[Sibling, str]]:
    """Siblings with a similar title, or with the same code at the same place, each with what is the same."""
    words, place = title_words(proposal.title), _place(proposal)
    for sibling in siblings:
        if sibling.pk == proposal.pk:
            continue
        common = words & sibling.words
        if words and len(common) >= ALIKE * len(words | sibling.words):
            yield sibling, _("judulnya mirip")
        elif place and place == sibling.place and proposal.sub_activity_id == sibling.sub_activity_id is not None:
            yield sibling, _("sub-kegiatan dan lokasinya sama")
