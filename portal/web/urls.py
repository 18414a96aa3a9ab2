"""Addresses of the portal itself: health for load balancers, language."""

from django.urls import path

from portal.web import views

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path("bahasa/", views.set_language, name="set_language"),
]
