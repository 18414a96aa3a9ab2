"""Addresses of extension workers."""

from django.urls import path

from programs.views import workers, workers_accounts

urlpatterns = [
    path("penyuluh/", workers.worker_list, name="workers"),
    path("penyuluh/baru/", workers.worker_new, name="worker_new"),
    path("penyuluh/<int:pk>/", workers.worker_detail, name="worker"),
    path("penyuluh/<int:pk>/ubah/", workers.worker_edit, name="worker_edit"),
    path("penyuluh/<int:pk>/tempatkan/", workers.worker_place, name="worker_place"),
    path("penyuluh/<int:pk>/akun/", workers_accounts.worker_account, name="worker_account"),
]
