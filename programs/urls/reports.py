"""Addresses of the monthly reports of extension workers and of the payment list."""

from django.urls import path

from programs.views import reports, reports_edit, reports_payments, reports_photos

BASE = "laporan-penyuluh/"
ONE = f"{BASE}<int:pk>/"
VISIT = f"{ONE}kunjungan/<uuid:key>/"
PHOTO = f"{ONE}foto/<uuid:key>/"

urlpatterns = [
    path(BASE, reports.reports, name="reports"),
    path(f"{BASE}tulis/", reports.report_open, name="report_open"),
    path(f"{BASE}pembayaran/", reports_payments.payment_list, name="payments"),
    path(f"{BASE}pembayaran/pdf/", reports_payments.payment_paper, name="payments_paper"),
    path(ONE, reports.report, name="report"),
    path(f"{ONE}ubah/", reports_edit.report_edit, name="report_edit"),
    path(f"{ONE}samping/", reports_edit.report_aside, name="report_aside"),
    path(f"{ONE}langkah/<slug:move>/", reports.report_move, name="report_move"),
    path(VISIT, reports_edit.report_visit, name="report_visit"),
    path(f"{VISIT}hapus/", reports_edit.report_visit_delete, name="report_visit_delete"),
    path(f"{VISIT}kembalikan/", reports_edit.report_visit_undelete, name="report_visit_undelete"),
    path(f"{ONE}foto/", reports_photos.report_photo_add, name="report_photo_add"),
    path(PHOTO, reports_photos.report_photo, name="report_photo"),
    path(f"{PHOTO}ubah/", reports_photos.report_photo_edit, name="report_photo_edit"),
    path(f"{PHOTO}hapus/", reports_photos.report_photo_delete, name="report_photo_delete"),
    path(f"{PHOTO}kembalikan/", reports_photos.report_photo_undelete, name="report_photo_undelete"),
]
