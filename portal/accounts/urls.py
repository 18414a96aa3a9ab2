"""Addresses of accounts: Indonesian paths, allauth's names (so that allauth finds its own pages)."""

from django.urls import path

from portal.accounts.views import login, own, passwords, second_factor

urlpatterns = [
    path("masuk/", login.login, name="account_login"),
    path("masuk/kode/", login.authenticate, name="mfa_authenticate"),
    path("masuk/ulang/", login.reauthenticate, name="account_reauthenticate"),
    path("masuk/ulang/kode/", login.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("keluar/", login.logout, name="account_logout"),
    path("sesi/perpanjang/", login.extend_session, name="extend_session"),
    path("sandi/ubah/", passwords.change_password, name="account_change_password"),
    path("sandi/lupa/", passwords.forgotten, name="account_reset_password"),
    path("sandi/lupa/terkirim/", passwords.password_mail_ordered, name="password_mail_ordered"),
    path("sandi/baru/<str:secret>/", passwords.new_password, name="new_password"),
    path("akun/", own.profile, name="profile"),
    path("akun/sesi/", own.sessions, name="usersessions_list"),
    path("akun/isian-tertunda/<uuid:pk>/", own.parked_form, name="parked_form"),
    path("akun/verifikasi-dua-langkah/", second_factor.index, name="mfa_index"),
    path("akun/verifikasi-dua-langkah/aktifkan/", second_factor.activate, name="mfa_activate_totp"),
    path("akun/verifikasi-dua-langkah/matikan/", second_factor.deactivate, name="mfa_deactivate_totp"),
    path("akun/verifikasi-dua-langkah/kode/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/verifikasi-dua-langkah/kode/baru/", second_factor.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/verifikasi-dua-langkah/kode/unduh/", second_factor.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]  # fmt: skip
