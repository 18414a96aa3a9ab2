"""Forms of desks: planning, moving, one answer, the confirmation, the closing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.dates import long_date
from portal.web.forms import SeenRowsField
from programs.facts.quantities import UnreadableNumber, parse_rupiah
from programs.models import Decision, FundingSource
from rakor.actions.desk_plan import MOST_SLOTS, MOST_TABLES, DeskSlots
from rakor.models import Meeting
from rakor.queries.desks import CLOSED, RUNNING, Grid

USUAL_STARTS = "08.00, 08.45, 09.30, 10.30, 11.15, 13.00"
_TIME = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})")
LONGEST_AMOUNT = 60
VERSION = {"min_value": 0, "max_value": 2**31 - 1}


class RupiahField(forms.Field):
    """Whole rupiah as people type them; None when nothing was typed."""

    def to_python(self, value: Any) -> int | None:
        """The number.

        Errors: ValidationError with the reader's own sentence.
        """
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_rupiah(text[:LONGEST_AMOUNT])
        except UnreadableNumber as error:
            raise forms.ValidationError(str(error)) from error


class PlanForm(forms.Form):
    """How the desks shall be spread: day, tables, start times, minutes."""

    day = forms.TypedChoiceField(label=_("Hari"), coerce=dt.date.fromisoformat)
    tables = forms.IntegerField(label=_("Banyaknya meja"), min_value=1, max_value=MOST_TABLES, initial=4)
    starts = forms.CharField(
        label=_("Waktu mulai"), max_length=150, initial=USUAL_STARTS,
        help_text=_("Dipisahkan koma, misalnya 08.00, 08.45, 09.30. Sisakan waktu istirahat."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Lama (menit)"), min_value=10, max_value=240, initial=45)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = meeting.days
        self.fields["day"].choices = [(day.isoformat(), long_date(day)) for day in days]
        self.fields["day"].initial = days[min(1, len(days) - 1)].isoformat()

    def clean_starts(self) -> tuple[dt.time, ...]:
        """The times, each once."""
        parts = [part.strip() for part in re.split(r"[,;\s]+", self.cleaned_data["starts"]) if part.strip()]
        times = []
        for part in parts:
            found = _TIME.fullmatch(part)
            if not found or int(found[1]) > 23 or int(found[2]) > 59:
                raise forms.ValidationError(_("“%(text)s” bukan waktu. Tulis misalnya 08.00.") % {"text": part[:20]})
            times.append(dt.time(int(found[1]), int(found[2])))
        if not times or len(set(times)) > MOST_SLOTS:
            raise forms.ValidationError(_("Isi 1 sampai %(n)s waktu mulai.") % {"n": MOST_SLOTS})
        return tuple(sorted(set(times)))

    @property
    def slots(self) -> DeskSlots:
        """What the form says, for `rakor.actions.desk_plan`."""
        data = self.cleaned_data
        return DeskSlots(data["day"], data["starts"], data["tables"], data["minutes"])


class PlaceForm(forms.Form):
    """Another slot or table for a desk: one of the places of the plan, taken ones change places."""

    place = forms.ChoiceField(label=_("Pindah ke"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput, **VERSION)

    def __init__(self, *args: Any, meeting: Meeting, plan: Grid, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = {room.name: room.pk for room in meeting.rooms.all()}
        choices = []
        for row in plan.rows:
            begins = {timezone.localtime(place.session.starts_at) for place in row.cells if place}
            for table, place in zip(plan.tables, row.cells, strict=True):
                if place and (place.session.pk == session.pk or place.desk.status in (RUNNING, CLOSED)):
                    continue
                taken = _("bertukar dengan %(name)s") % {"name": place.name} if place else _("kosong")
                choices += [
                    (f"{begin:%Y-%m-%dT%H:%M}/{rooms[table]}", f"{row.time} · {table} · {taken}") for begin in begins
                ]
        self.fields["place"].choices = choices

    @property
    def starts_at(self) -> dt.datetime:
        """The chosen begin."""
        moment = dt.datetime.fromisoformat(self.cleaned_data["place"].split("/")[0])
        return moment.replace(tzinfo=timezone.get_default_timezone())

    @property
    def room_id(self) -> int:
        """The chosen table."""
        return int(self.cleaned_data["place"].split("/")[1])


class AnswerForm(forms.Form):
    """One answer, to a proposal or (with `line`) to a cost line. What it needs is the verb's business."""

    decision = forms.ChoiceField(label=_("Putusan"), choices=Decision.choices, widget=forms.RadioSelect)
    agreed = RupiahField(
        label=_("Jumlah yang disepakati"), required=False,
        help_text=_("Rupiah, untuk “Disepakati dengan perbaikan”."),
    )  # fmt: skip
    redirect_to = forms.ModelChoiceField(
        label=_("Dialihkan ke sumber dana"), queryset=FundingSource.objects.none(), required=False,
        to_field_name="key", empty_label="–",
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Wajib untuk semua putusan selain “Disepakati”."),
    )  # fmt: skip
    base_version = forms.IntegerField(widget=forms.HiddenInput, **VERSION)

    def __init__(self, *args: Any, line: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["redirect_to"].queryset = FundingSource.objects.filter(is_active=True)
        if not line:
            del self.fields["agreed"]


class ConfirmForm(forms.Form):
    """The regency's yes: with its own account only `change`; at the table also who said it."""

    change = forms.IntegerField(label=_("Putusan yang dibaca"), widget=forms.HiddenInput, **VERSION)
    name = forms.CharField(label=_("Nama utusan"), max_length=150)
    title = forms.CharField(label=_("Jabatan"), max_length=150)
    number = forms.CharField(
        label=_("NIP"), max_length=25, required=False, help_text=_("18 angka; kosongkan bila tidak ada.")
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            for name in ("name", "title", "number"):
                del self.fields[name]


class CloseForm(forms.Form):
    """The number of the berita acara, when it is known already."""

    number = forms.CharField(
        label=_("Nomor berita acara"), max_length=80, required=False,
        help_text=_("Boleh dikosongkan; nomor dapat ditulis tangan kemudian."),
    )  # fmt: skip


class CloseAllForm(forms.Form):
    """Which of the confirmed desks to close together."""

    desk = SeenRowsField(label=_("Desk"), error_messages={"required": _("Pilih paling sedikit satu desk.")})
