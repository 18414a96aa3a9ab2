"""Many contracts initialled or approved with one click: what would happen, what cannot go and why, what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.errors import PortalError
from portal.web.access import page
from portal.web.parameters import query_with, search_text
from portal.web.submissions import form_status, sent
from programs import contract_rules as rules
from programs.actions import contracts_together as actions
from programs.forms.contract_moves import TogetherForm
from programs.models import Contract
from programs.queries import contracts as lists
from programs.queries.contracts_signers import PARTY, stored_signers
from programs.queries.contracts_waiting import MOST, ORDERS, waiting
from programs.views.contracts import filters_of, wanted_of
from programs.workflow import CONTRACT

VERBS = {"check": actions.check_contracts, "approve": actions.approve_contracts}
FILTERS = ("jenis", "kabupaten", "angkatan")
NAMED = 5
"""Contracts left out that the message names."""


@page(who=rules.checkers, writes=True)
def contracts_check(request: HttpRequest) -> HttpResponse:
    """Initial all drafts that are ticked."""
    return _together(request, "check")


@page(who=rules.approvers, writes=True)
def contracts_approve(request: HttpRequest) -> HttpResponse:
    """Approve and number all initialled contracts that are ticked."""
    return _together(request, "approve")


def _together(request: HttpRequest, move: str) -> HttpResponse:
    form, status = TogetherForm(sent(request)), form_status(request)
    if form.is_valid():
        try:
            outcome = VERBS[move](form.cleaned_data["contract"], by=request.user)
        except PortalError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            _tell(request, move, outcome)
            return redirect(f"{reverse('contracts')}?{query_with(request, status=CONTRACT.move(move).target)}")
    sort = search_text(request, "sort")
    wanted = replace(wanted_of(request), status="", within=None, sort=sort if sort in ORDERS else ORDERS[0])
    contracts, count = waiting(request.user, wanted, move)
    context = {
        "form": form, "move": move, "q": wanted.text, "sort": wanted.sort, "count": count, "most": MOST,
        "narrowed": wanted.narrowed, "sorts": [(key, _(lists.SORTS[key][0])) for key in ORDERS],
        "filters": [each for each in filters_of(request, wanted) if each["name"] in FILTERS],
        **_shown(actions.candidates(contracts, move, by=request.user), form),
    }  # fmt: skip
    return render(request, "programs/contracts/together.html", context, status=status)


def _shown(found: Sequence[actions.Candidate], form: TogetherForm) -> dict[str, Any]:
    """The rows with what a box sends and whether it is ticked: all at first, then as they were sent; what happens."""
    chosen = form.data.getlist("contract") if form.is_bound else None
    rows = []
    for each in found:
        value = f"{each.contract.pk}-{each.contract.version}"
        parties = [signer.name for signer in stored_signers(each.contract) if signer.kind == PARTY]
        rows.append({
            "contract": each.contract, "value": value, "ticked": chosen is None or value in chosen, "parties": parties,
            "remarks": each.remarks, "free": not each.error, "kept": actions.keeps_number(each.contract),
            "refusal": "" if any(remark.blocks for remark in each.remarks) else each.refusal,
        })  # fmt: skip
    free = [row for row in rows if row["free"]]
    return {
        "rows": rows, "free": len(free), "going": sum(row["ticked"] for row in free), "takes": _numbers(free),
        "kept": any(row["kept"] for row in free),
    }  # fmt: skip


def _numbers(free: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many numbers each register gives to what is ticked; registers of what could be ticked are there with 0."""
    new = [row for row in free if not row["kept"]]
    counts = Counter(row["contract"].register_id for row in new if row["ticked"])
    registers = {row["contract"].register_id: row["contract"].register for row in new}
    return [{"register": register, "count": counts[pk]} for pk, register in sorted(registers.items())]


def _tell(request: HttpRequest, move: str, outcome: actions.Outcome) -> None:
    done, left = outcome.done, outcome.left
    if move == "check":
        told = ngettext("%(n)s naskah diparaf.", "%(n)s naskah diparaf.", len(done)) % {"n": len(done)}
    else:
        told = ngettext("%(n)s naskah disetujui. %(numbers)s Cetakannya sedang disusun.",
                        "%(n)s naskah disetujui. %(numbers)s Cetakannya sedang disusun.", len(done))  # fmt: skip
        told %= {"n": len(done), "numbers": _told_numbers(done)}
    messages.success(request, told)
    if left:
        told = ngettext("%(n)s naskah tidak ikut. %(which)s", "%(n)s naskah tidak ikut. %(which)s", len(left))
        named = actions.told_left(left, NAMED)
        if len(left) > NAMED:
            named.append(_("Dan %(n)s lainnya.") % {"n": len(left) - NAMED})
        messages.warning(request, told % {"n": len(left), "which": " ".join(named)})


def _told_numbers(done: Sequence[Contract]) -> str:
    """The numbers in one sentence: the first and the last of each register."""
    books: dict[int, list[Any]] = {}
    for contract in done:
        books.setdefault(contract.number.register_id, []).append(contract.number)
    told = []
    for numbers in books.values():
        texts = [number.text for number in sorted(numbers, key=lambda number: (number.year, number.sequence))]
        both = {"first": texts[0], "last": texts[-1]}
        told.append(texts[0] if len(texts) == 1 else _("%(first)s sampai %(last)s") % both)
    return _("Nomor: %(numbers)s.") % {"numbers": "; ".join(told)}
