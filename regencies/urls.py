"""Addresses of regencies and offices."""

from django.urls import path

from regencies.views import emblems, offices, people, regencies, registers

urlpatterns = [
    path("kabupaten/", regencies.regency_list, name="regencies"),
    path("kabupaten/kabupaten-kota.xlsx", regencies.regency_excel, name="regencies_excel"),
    path("kabupaten/<str:code>/", regencies.regency_detail, name="regency"),
    path("kantor/", offices.agency_list, name="agencies"),
    path("kantor/lambang/", emblems.emblem_list, name="emblems"),
    path("kantor/lambang/<str:key>/", emblems.emblem_edit, name="emblem_edit"),
    path("kantor/lambang/<str:key>/hapus/", emblems.emblem_remove, name="emblem_remove"),
    path("kantor/lambang/gambar/<str:sha256>.png", emblems.emblem_picture, name="emblem_picture"),
    path("kantor/<int:pk>/", offices.agency_detail, name="agency"),
    path("kantor/<int:pk>/ubah/", offices.agency_edit, name="agency_edit"),
    path("pengguna/", people.people_list, name="people"),
    path("pengguna/pengguna.xlsx", people.people_excel, name="people_excel"),
    path("pengguna/baru/", people.person_new, name="person_new"),
    path("pengguna/<int:pk>/", people.person_detail, name="person"),
    path("pengguna/<int:pk>/ubah/", people.person_edit, name="person_edit"),
    path("pengguna/<int:pk>/tautan-sandi/", people.person_link, name="person_link"),
    path("pengguna/<int:pk>/nonaktifkan/", people.person_deactivate, name="person_deactivate"),
    path("pengguna/<int:pk>/aktifkan/", people.person_reactivate, name="person_reactivate"),
    path("pengguna/<int:pk>/reset-verifikasi/", people.person_reset_factor, name="person_reset_factor"),
    path("pengguna/<int:pk>/jabatan/baru/", people.position_new, name="position_new"),
    path("pengguna/<int:pk>/jabatan/<int:position_pk>/ubah/", people.position_edit, name="position_edit"),
    path("pengguna/<int:pk>/jabatan/<int:position_pk>/akhiri/", people.position_end, name="position_end"),
    path("register/", registers.register_list, name="registers"),
    path("register/baru/", registers.register_new, name="register_new"),
    path("register/pratinjau/", registers.register_preview, name="register_preview"),
    path("register/<int:pk>/", registers.register_book, name="register"),
    path("register/<int:pk>/ubah/", registers.register_edit, name="register_edit"),
    path("register/<int:pk>/ambil/", registers.number_take, name="register_take"),
    path("register/<int:pk>/sisip/<int:number_pk>/", registers.number_insert, name="register_insert"),
    path("register/<int:pk>/batal/<int:number_pk>/", registers.number_void, name="register_void"),
]
