"""Addresses of programs; none yet."""

urlpatterns: list = []
