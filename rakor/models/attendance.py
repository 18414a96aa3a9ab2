"""Who is expected at the door, and who came: one list per day and half-day, every scan kept as it arrived."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import Status as State
from rakor import rules
from rakor.models.invitations import Invitation
from rakor.models.meetings import Meeting, Participant
from rakor.workflow import REGISTRATION

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters of a pass: none that look alike on a bad print."""


def new_pass() -> str:
    """The secret of a person's card: 16 letters, 79 bits."""
    return "".join(secrets.choice(ALPHABET) for _each in range(16))


def new_secret() -> str:
    """The secret behind a list's rotating code."""
    return secrets.token_hex(32)


class RegistrationQuerySet(models.QuerySet):
    """Rows of registrations."""

    def visible_to(self, user: Any) -> RegistrationQuerySet:
        """The committee sees all; an office its own delegates; everybody himself."""
        if rules.sees_drafts(user):
            return self
        own = Q(user=getattr(user, "pk", None) or 0)
        return self.filter(own | rules.invited(user, "invitation__")).distinct()

    def active(self) -> RegistrationQuerySet:
        """Those who are expected: not replaced and not cancelled."""
        return self.filter(status="terdaftar")


class Registration(models.Model):
    """A participant with a place at the door. `token` is the secret of the card's QR; personal data stays here.

    `stands_in_for` is the delegate whose place this one takes: that row is then "diganti".
    """

    class Category(models.TextChoices):
        DELEGATE = "utusan", _("Utusan kabupaten/kota")
        PROVINCE = "provinsi", _("Dinas provinsi")
        MINISTRY = "kementerian", _("Kementerian")
        HOST = "tuan_rumah", _("Tuan rumah")
        WORKER = "tpl", _("Tenaga penyuluh lapangan")
        PARTNER = "mitra", _("Mitra")
        SPEAKER = "narasumber", _("Narasumber")
        PRESS = "pers", _("Pers")
        OTHER = "lain", _("Lainnya")

    class Status(models.TextChoices):
        EXPECTED = "terdaftar", _("Terdaftar")
        REPLACED = "diganti", _("Diganti")
        CANCELLED = "batal", _("Batal")

    class Source(models.TextChoices):
        OFFICE = "kantor", _("Didaftarkan kantornya")
        IMPORT = "impor", _("Impor Excel")
        DOOR = "di_tempat", _("Didaftarkan di tempat")
        COMMITTEE = "panitia", _("Didaftarkan panitia")

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="registration")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="registrations")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="delegates",
        verbose_name=_("undangan"),
    )  # fmt: skip
    category = models.CharField(_("golongan"), max_length=15, choices=Category)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("akun"),
    )  # fmt: skip
    employee_number = models.CharField(_("NIP"), max_length=18, blank=True)
    rank = models.CharField(_("pangkat/golongan"), max_length=60, blank=True)
    phone = models.CharField(_("nomor HP"), max_length=30, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    arrival = models.CharField(
        _("kedatangan"), max_length=150, blank=True, help_text=_("Misalnya 23 April, kapal feri, pukul 17.00.")
    )
    stands_in_for = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="stand_in",
        verbose_name=_("menggantikan"),
    )  # fmt: skip
    token = models.CharField(max_length=16, unique=True, default=new_pass, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.EXPECTED)
    status_reason = models.CharField(_("alasan"), max_length=300, blank=True)
    source = models.CharField(_("asal"), max_length=10, choices=Source)
    note = models.CharField(_("keterangan"), max_length=250, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("didaftarkan"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    client_key = models.UUIDField(null=True, unique=True, editable=False)

    NAMED_BY = ("participant",)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pendaftaran")
        verbose_name_plural = _("pendaftaran")
        ordering = ["participant__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(employee_number="") | Q(employee_number__regex=r"^\d{18}$"),
                name="registration_nip_18_digits", violation_error_message=_("NIP terdiri atas 18 angka."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "employee_number"], name="registration_nip_once",
                condition=~Q(employee_number="") & Q(status="terdaftar"),
                violation_error_message=_("NIP ini sudah terdaftar."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"], name="registration_user_once",
                condition=Q(user__isnull=False, status="terdaftar"),
            ),
            models.CheckConstraint(
                condition=Q(status="terdaftar", status_reason="") | ~Q(status="terdaftar"),
                name="registration_reason_of_change",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.participant)

    @property
    def state(self) -> State:
        """Status with label and tone."""
        return REGISTRATION.status(self.status)


class AttendanceList(models.Model):
    """The list of a day's half: those who come after `late_after` are late. `secret` makes the hall's rotating code.

    `screen_key` opens the hall's screen without a login until `screen_until`; "" while there is no such address.
    """

    class Half(models.TextChoices):
        MORNING = "pagi", _("pagi")
        AFTERNOON = "siang", _("siang")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance_lists")
    on = models.DateField(_("hari"))
    half = models.CharField(_("paruh hari"), max_length=5, choices=Half)
    late_after = models.DateTimeField(_("terlambat sesudah"), null=True, blank=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.PositiveIntegerField(default=0, editable=False)
    screen_key = models.CharField(max_length=16, blank=True, default="", editable=False)
    screen_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("daftar hadir")
        verbose_name_plural = _("daftar hadir")
        ordering = ["on", "half"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "on", "half"], name="attendance_list_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_by__isnull=False), name="attendance_list_closed_by"
            ),
            models.CheckConstraint(
                condition=Q(screen_key="", screen_until__isnull=True)
                | ~Q(screen_key="") & Q(screen_until__isnull=False),
                name="attendance_list_screen",
            ),
            models.UniqueConstraint(
                fields=["screen_key"], name="attendance_list_screen_once", condition=~Q(screen_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.half}"


class CheckIn(models.Model):
    """One scan as it arrived; never changed. `client_key` comes from the device, so that a scan sent twice is one row.

    `came_at` is the moment of the scan by the server's clock: what the device says is corrected by how far its clock
    is off (rakor.facts.attendance).
    """

    class Method(models.TextChoices):
        QR = "qr", _("QR kartu")
        NAME = "nama", _("Nama")
        CODE = "kode", _("Kode layar")

    class Outcome(models.TextChoices):
        COUNTED = "dihitung", _("Dihitung")
        AGAIN = "ganda", _("Sudah tercatat")
        KEPT = "disimpan", _("Disimpan; daftar sudah dikoreksi atau ditutup")

    attendance_list = models.ForeignKey(AttendanceList, on_delete=models.PROTECT, related_name="check_ins")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="check_ins")
    client_key = models.UUIDField(unique=True)
    method = models.CharField(_("cara"), max_length=5, choices=Method)
    device = models.CharField(_("perangkat"), max_length=40, blank=True)
    came_at = models.DateTimeField(_("datang"))
    received_at = models.DateTimeField(_("diterima"), auto_now_add=True)
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pemindaian")
        verbose_name_plural = _("pemindaian")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.registration} {self.came_at:%Y-%m-%d %H:%M}"


class Attendance(models.Model):
    """What a list says of somebody. `corrected_by` is set when people wrote it: no scan changes it then.

    "tidak_hadir" that nobody wrote comes from closing the list; while the list is open it says nothing yet. `change` is
    the list's own counter when the row was written: a device at the door asks for what is newer than it knows.
    """

    class State(models.TextChoices):
        PRESENT = "hadir", _("Hadir")
        LATE = "terlambat", _("Terlambat")
        EXCUSED = "izin", _("Izin")
        ABSENT = "tidak_hadir", _("Tidak hadir")

    attendance_list = models.ForeignKey(AttendanceList, on_delete=models.PROTECT, related_name="rows")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(_("kehadiran"), max_length=12, choices=State)
    came_at = models.DateTimeField(_("datang"), null=True, blank=True)
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    change = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("kehadiran")
        verbose_name_plural = _("kehadiran")
        ordering = ["registration__participant__name"]
        constraints = [
            models.UniqueConstraint(fields=["attendance_list", "registration"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(state__in=["hadir", "terlambat"], came_at__isnull=False)
                | Q(state__in=["izin", "tidak_hadir"], came_at__isnull=True),
                name="attendance_came_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="izin") | ~Q(note=""), name="attendance_excused_with_note",
                violation_error_message=_("Tuliskan keterangan izinnya."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.registration}: {self.get_state_display()}"
