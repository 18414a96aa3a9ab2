"""Desks: one regency's proposals decided line by line at a table. The desk's session gives time and table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.documents.models import Document
from portal.kernel.workflow import Status
from programs.rules import province_readers
from rakor import rules
from rakor.models.sessions import Session
from rakor.workflow import DESK
from regencies.rules import regency_ids


class DeskQuerySet(models.QuerySet):
    """Rows of desks."""

    def visible_to(self, user: Any) -> DeskQuerySet:
        """All for the province and observers; a regency sees its own only."""
        if province_readers(user):
            return self.filter(session__meeting__published=True) if not rules.sees_drafts(user) else self
        return self.filter(session__regency__in=regency_ids(user), session__meeting__published=True)


class Desk(models.Model):
    """One desk. `change` rises with each verdict, so that a confirmation is worth only for what was confirmed.

    The regency confirms with its own account (`confirmed_by`), or its delegate says yes at the table and the leader
    writes down who that was (`delegate_name`, `delegate_title`); both sign the berita acara in ink afterwards.
    """

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="desk", verbose_name=_("sesi"))
    status = models.CharField(_("status"), max_length=12, choices=DESK.choices, default=DESK.initial)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("pimpinan desk"),
    )  # fmt: skip
    change = models.PositiveIntegerField(default=0, editable=False)
    called_at = models.DateTimeField(_("dipanggil"), null=True, blank=True)
    opened_at = models.DateTimeField(_("dibuka"), null=True, blank=True)
    confirmed_change = models.PositiveIntegerField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dikonfirmasi oleh"),
    )  # fmt: skip
    delegate_name = models.CharField(_("nama utusan"), max_length=150, blank=True)
    delegate_title = models.CharField(_("jabatan utusan"), max_length=150, blank=True)
    delegate_number = models.CharField(_("NIP utusan"), max_length=18, blank=True)
    confirmed_at = models.DateTimeField(_("dikonfirmasi"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("ditutup oleh"),
    )  # fmt: skip
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("berita acara")
    )
    number = models.CharField(_("nomor berita acara"), max_length=80, blank=True)

    objects = DeskQuerySet.as_manager()

    NAMED_BY = ("session__regency",)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desk")
        ordering = ["session__starts_at", "session__room__name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="ditutup")
                | Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    confirmed_at__isnull=False,
                    document__isnull=False,
                ),
                name="desk_closed_with_confirmation",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_change__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_change__isnull=False) & ~Q(delegate_name=""),
                name="desk_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="menunggu")
                | Q(status="dipanggil", called_at__isnull=False)
                | Q(opened_at__isnull=False, leader__isnull=False),
                name="desk_opened_by_a_leader",
            ),
        ]

    def __str__(self) -> str:
        return _("Desk %(regency)s") % {"regency": self.session.regency or self.session.title}

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return DESK.status(self.status)

    @property
    def confirmed(self) -> bool:
        """Whether the regency has said yes to the verdicts as they stand now."""
        return self.confirmed_at is not None and self.confirmed_change == self.change
