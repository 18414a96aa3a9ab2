"""All papers of a filter of contracts as one ZIP."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.documents.bundles import order_bundle
from portal.kernel.dates import short_date
from portal.kernel.errors import Blocked
from portal.web.access import page
from portal.web.parameters import query_with
from programs import contract_rules as rules
from programs.queries.contract_bundles import BUNDLES, bundle_entries
from programs.views.contracts import wanted_of


@page(who=rules.readers, writes=True)
def contracts_zip(request: HttpRequest) -> HttpResponse:
    """Order the papers of the contracts that the address's filter shows."""
    back = f"{reverse('contracts')}?{query_with(request)}"
    if request.method != "POST":
        return redirect(back)
    entries, missing = bundle_entries(request.user, wanted_of(request))
    title = _("Kontrak dan MOU %(day)s") % {"day": short_date(timezone.localdate())}
    try:
        bundle = order_bundle(BUNDLES, title, entries, by=request.user)
    except Blocked as error:
        messages.error(request, str(error))
        return redirect(back)
    if missing:
        told = ngettext(
            "%(n)s naskah belum selesai dicetak, jadi tidak termuat.",
            "%(n)s naskah belum selesai dicetak, jadi tidak termuat.",
            missing,
        )
        messages.warning(request, told % {"n": missing})
    return redirect(bundle)
