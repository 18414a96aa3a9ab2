"""Addresses of accounts."""

from django.urls import include, path

urlpatterns = [path("akun/", include("allauth.urls"))]
