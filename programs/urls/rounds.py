"""Addresses of moves, the self-check, the head's approvals and the yearly rounds."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from programs.views import moves, rounds

urlpatterns: list[URLPattern] = [
    path("usulan/<int:pk>/langkah/<slug:move>/", moves.proposal_move, name="proposal_move"),
    path("usulan/<int:pk>/periksa/", moves.proposal_check, name="proposal_check"),
    path("usulan/persetujuan/", moves.approvals, name="approvals"),
    path("usulan/persetujuan/kirim/", moves.approvals_send, name="approvals_send"),
    path("putaran/", rounds.rounds, name="rounds"),
    path("putaran/baru/", rounds.round_new, name="round_new"),
    path("putaran/<int:year>/", rounds.round_detail, name="round"),
    path("putaran/<int:year>/ubah/", rounds.round_edit, name="round_edit"),
    path("putaran/<int:year>/siap-desk/", rounds.round_ready, name="round_ready"),
    path("putaran/<int:year>/perpanjangan/<str:code>/", rounds.round_extend, name="round_extend"),
    path("putaran/<int:year>/perpanjangan/<str:code>/tarik/", rounds.round_unextend, name="round_unextend"),
]
