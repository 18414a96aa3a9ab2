"""Addresses of regencies and offices."""

from django.urls import path

from regencies.views import offices, regencies

urlpatterns = [
    path("kabupaten/", regencies.regency_list, name="regencies"),
    path("kabupaten/kabupaten-kota.xlsx", regencies.regency_excel, name="regencies_excel"),
    path("kabupaten/<str:code>/", regencies.regency_detail, name="regency"),
    path("kantor/", offices.agency_list, name="agencies"),
    path("kantor/<int:pk>/", offices.agency_detail, name="agency"),
    path("kantor/<int:pk>/ubah/", offices.agency_edit, name="agency_edit"),
]
