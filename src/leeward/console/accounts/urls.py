"""Addresses of signing in."""

from django.urls import path

from leeward.console.accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/password", views.my_password, name="password"),
    path("", views.home, name="home"),
    path("console/sign-in", views.sign_in, name="sign-in"),
    path("console/verify", views.verify, name="verify"),
    path("console/verify/passkey", views.verify_passkey, name="verify-passkey"),
    path("console/factors", views.my_factors, name="factors"),
    path("console/factors/drop", views.drop_factor, name="drop-factor"),
    path("console/sign-out", views.sign_out, name="sign-out"),
    path("sign-in", views.device_sign_in, name="device"),
    path("sign-in/out", views.device_sign_out, name="device-out"),
]
