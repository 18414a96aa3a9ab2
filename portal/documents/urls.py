"""Addresses of documents."""

urlpatterns: list = []
