"""A participant's new card, when the old one was lost or photographed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kernel.errors import ensure
from portal.web.access import page
from rakor import guest_rules, rules
from rakor.actions.cards import renew_card
from rakor.models import Registration


@page(who=rules.guest_keepers, writes=True)
def registration_card(request: HttpRequest, slug: str, registration_id: int) -> HttpResponse:
    """A person's card: print it again, or replace its secret so that the old one opens nothing any more."""
    rows = Registration.objects.visible_to(request.user).select_related("participant", "meeting")
    place = get_object_or_404(rows, meeting__slug=slug, pk=registration_id)
    ensure(rules.may_keep_guests(request.user, place.meeting))
    if request.method == "POST":
        renew_card(place, by=request.user)
        text = _("Kartu %(name)s diganti. Cetak kartu barunya; yang lama tidak berlaku lagi.")
        messages.success(request, text % {"name": place.participant.name})
        return redirect("registration_card", slug, registration_id)
    context = {
        "meeting": place.meeting, "registration": place, "back": reverse("registrations", args=[slug]),
        "may_print": guest_rules.may_print_guests(request.user, place.meeting),
    }  # fmt: skip
    return render(request, "rakor/registrations/card.html", context)
