"""A project of Django in one file: models in SQLite, templates, sessions, middleware."""

from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="for this test",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    STATIC_URL="static/",
)
app = get_wsgi_application()

from django.contrib.auth.models import User  # noqa: E402, as models come after the settings
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


def hello(request):
    return HttpResponse("Hello, World!")


def page(request):
    return render(request, "page.html", {"names": ["a", "<b>"]})


def users(request):
    call_command("migrate", verbosity=0)
    User.objects.create_user("ada")
    return JsonResponse({"users": list(User.objects.values_list("username", flat=True))})


def count(request):
    request.session["count"] = request.session.get("count", 0) + 1
    return JsonResponse(dict(request.session))


def stream(request):
    return StreamingHttpResponse(f"{number} " for number in range(3))


@csrf_exempt
def form(request):
    return JsonResponse(request.POST.dict())


urlpatterns = [
    path("", hello),
    path("page", page),
    path("users", users),
    path("count", count),
    path("stream", stream),
    path("form", form),
    path("protected", hello),
]
