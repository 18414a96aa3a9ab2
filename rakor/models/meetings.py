"""An edition of the rakor: about execution year N and planning year N+1, in another town each time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kernel.dates import date_range
from portal.kernel.workflow import Status
from rakor import rules
from rakor.facts.agenda import place_of
from rakor.workflow import MEETING
from regencies.models import Agency, Province, Regency


class MeetingQuerySet(models.QuerySet):
    """Rows of editions."""

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The province sees all; regencies and observers what has left preparation."""
        if rules.sees_drafts(user):
            return self
        if rules.reads_published(user):
            return self.filter(published=True)
        return self.none()


class Meeting(models.Model):
    """One edition. `published` is set when it first leaves preparation, so that a later cancellation stays visible."""

    slug = models.SlugField(_("alamat"), max_length=60, unique=True)
    title = models.CharField(_("judul"), max_length=250)
    execution_year = models.PositiveSmallIntegerField(_("tahun pelaksanaan (N)"))
    planning_year = models.PositiveSmallIntegerField(_("tahun perencanaan (N+1)"))
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"))
    venue = models.CharField(_("tempat"), max_length=150, help_text=_("Gedung atau aula, misalnya Hotel Matahari."))
    town = models.CharField(_("kota"), max_length=80)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, verbose_name=_("provinsi"))
    host_regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_meetings",
        verbose_name=_("tuan rumah"),
    )  # fmt: skip
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next",
        verbose_name=_("edisi sebelumnya"),
    )  # fmt: skip
    aims = models.TextField(_("tujuan"), blank=True, help_text=_("Satu tujuan per baris."))
    funding_document = models.CharField(_("dasar pembiayaan (DIPA/DPA)"), max_length=200, blank=True)
    funding_sub_activity = models.CharField(
        _("kode sub-kegiatan"), max_length=30, blank=True, help_text=_("Misalnya 3.31.01.1.06.0009.")
    )
    invitation_number = models.CharField(_("nomor surat undangan"), max_length=80, blank=True)
    agenda_dated_on = models.DateField(
        _("tanggal penetapan susunan acara"), null=True, blank=True,
        help_text=_("Tercetak di atas tanda tangan susunan acara; kosongkan bila ditulis tangan."),
    )  # fmt: skip
    source = models.TextField(_("sumber keterangan"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=MEETING.choices, default=MEETING.initial)
    published = models.BooleanField(_("terlihat oleh kabupaten/kota"), default=False)
    cancelled_reason = models.TextField(_("alasan pembatalan"), blank=True)
    version = models.PositiveIntegerField(default=1)
    client_key = models.UUIDField(
        null=True, unique=True, editable=False, help_text="Made with the form: the same form sent twice is one edition."
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rakor")
        verbose_name_plural = _("rakor")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="meeting_ends_after_start",
                violation_error_message=_("Tanggal selesai mendahului tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(planning_year=F("execution_year") + 1), name="meeting_plans_next_year",
                violation_error_message=_("Tahun perencanaan harus satu tahun setelah tahun pelaksanaan."),
            ),
            models.UniqueConstraint(
                fields=["province", "planning_year"], condition=~Q(status="dibatalkan"), name="meeting_one_per_year"
            ),
            models.CheckConstraint(
                condition=Q(status="dibatalkan") & ~Q(cancelled_reason="")
                | ~Q(status="dibatalkan") & Q(cancelled_reason=""),
                name="meeting_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["persiapan", "dibatalkan"]) | Q(published=True), name="meeting_published_status"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the edition."""
        return reverse("meeting", args=[self.slug])

    @property
    def state(self) -> Status:
        """Status with label and tone."""
        return MEETING.status(self.status)

    @property
    def days(self) -> list[dt.date]:
        """Every day of the meeting."""
        return [self.starts_on + dt.timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]

    @property
    def dates(self) -> str:
        """ "24–26 April 2019"."""
        return date_range(self.starts_on, self.ends_on)

    @property
    def place(self) -> str:
        """ "Hotel Matahari, Atambua"; the town once when the venue names it already."""
        return place_of(self)

    @property
    def short_name(self) -> str:
        """What lists and crumbs call it: "Rakor Atambua 2019"."""
        return _("Rakor %(town)s %(year)s") % {"town": self.town, "year": self.execution_year}

    @property
    def aim_list(self) -> list[str]:
        """The aims, one each."""
        return [line.strip() for line in self.aims.splitlines() if line.strip()]


class Organiser(models.Model):
    """One of the organisers in order: ministry, province, host (domain §1.1: three organiser roles)."""

    class Role(models.TextChoices):
        ORGANISER = "penyelenggara", pgettext_lazy("peran", "Penyelenggara")
        PARTNER = "kerja_sama", _("Bekerja sama dengan")
        HOST = "tuan_rumah", _("Tuan rumah")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="organisers")
    role = models.CharField(_("peran"), max_length=15, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, verbose_name=_("kantor"))
    position = models.PositiveSmallIntegerField(_("urutan"), default=1)

    class Meta:
        verbose_name = _("penyelenggara")
        verbose_name_plural = _("penyelenggara")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "agency"], name="organiser_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.agency}"


class Participant(models.Model):
    """Somebody who speaks at or is named in an edition, as typed so far; completion offers these."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(_("nama"), max_length=150)
    institution = models.CharField(_("instansi"), max_length=150, blank=True)
    title = models.CharField(_("jabatan"), max_length=150, blank=True)
    regency = models.ForeignKey(
        Regency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kabupaten/kota")
    )

    class Meta:
        verbose_name = _("peserta")
        verbose_name_plural = _("peserta")
        ordering = ["name"]
        constraints = [models.UniqueConstraint("meeting", Lower("name"), Lower("institution"), name="participant_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.institution})" if self.institution else self.name
