"""Addresses of proposals."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import proposal, proposals

urlpatterns: list[URLPattern] = [
    path("usulan/", proposals.proposals, name="proposals"),
    path("usulan/baru/", proposals.proposal_new, name="proposal_new"),
    path("usulan/urutan/", proposals.proposals_order, name="proposals_order"),
    path("usulan/salin/", proposals.proposals_copy, name="proposals_copy"),
    path("usulan/<int:pk>/", proposal.proposal, name="proposal"),
    path("usulan/<int:pk>/ubah/", proposal.proposal_edit, name="proposal_edit"),
    path("usulan/<int:pk>/samping/", proposal.proposal_aside, name="proposal_aside"),
    path("usulan/<int:pk>/indikator-resmi/", proposal.proposal_official_indicator, name="proposal_official_indicator"),
    path("usulan/<int:pk>/buang/", proposals.proposal_throw_away, name="proposal_throw_away"),
    path("usulan/<int:pk>/kembalikan/", proposals.proposal_bring_back, name="proposal_bring_back"),
]
