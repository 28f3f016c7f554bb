"""Who holds which secret in docker-compose.yml, and who reaches whom."""

from __future__ import annotations

import re

import pytest

from pipeline.roles import account_of
from tests import ROOT
from tests.support.compose import FILE, ROLES, SERVICES

SECRET = re.compile("PASSWORD|SECRET|AUTH|PGPASS|TOKEN|__(URL|KEY)_FILE$")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_secret_stands_in_a_variable_or_an_argument(name: str) -> None:
    service, given = SERVICES[name], set(SERVICES[name].get("secrets", ()))
    assert given <= set(FILE["secrets"])
    used = set()
    for variable, value in service.get("environment", {}).items():
        if SECRET.search(variable):
            assert variable.endswith("_FILE") or variable == "PGPASSFILE", variable
            assert str(value).startswith("/run/secrets/"), variable
            used.add(str(value).removeprefix("/run/secrets/"))
        assert not re.search("://[^/@]*:[^/@]*@", str(value)), f"{variable} holds a password"
    words = f"{service.get('command')} {service.get('entrypoint')} {service.get('healthcheck')}"
    assert not SECRET.search(words.replace("/run/secrets", ""))
    assert "${" not in words
    if name == "prepare":  # reads those of the roles as the files of a folder
        assert service["command"][-1] == "/run/secrets"
        used |= {
            f"{server}_{role}" for server in ("minio", "elasticsearch") for role in ROLES.values()
        }
    assert used == given, "a service is given the secrets it uses, and no other"


def test_secrets_are_the_files_that_make_secrets_writes() -> None:
    script = (ROOT / "deploy" / "make-secrets").read_text(encoding="utf-8")
    for name, secret in FILE["secrets"].items():
        assert secret["file"].endswith(f"/{name}")
        assert secret["file"].startswith("${SOHOA_SECRETS")
        assert re.search(rf'keep "?{re.sub("ingest|worker|web", "[$]role", name)}"? ', script), name


@pytest.mark.parametrize("name", sorted(ROLES))
def test_each_role_signs_in_as_itself_and_has_no_other_key(name: str) -> None:
    role, values = ROLES[name], SERVICES[name]["environment"]
    assert values["SOHOA_STORAGE__ACCESS_KEY"] == account_of(role, values["SOHOA_STORAGE__BUCKET"])
    assert values["SOHOA_SEARCH__USER"] == account_of(role, values["SOHOA_SEARCH__INDEX"])
    keys = {secret for secret in SERVICES[name]["secrets"] if secret != "prefect_auth"}
    accounts = {"accounts_url", "accounts_key"} if name == "web" else set()
    shared = {"index_key", "owners_url", "owners_key"}
    assert keys == {f"minio_{role}", f"elasticsearch_{role}"} | shared | accounts


def test_whoever_administers_the_servers_is_in_two_places_only() -> None:
    for secret, holders in {
        "minio_root": {"minio", "prepare"},
        "elasticsearch_root": {"elasticsearch"},
        "elasticsearch_admin": {"prepare"},
        "postgres": {"postgres"},
        "postgres_pgpass": {"prefect", "prepare"},
        "accounts_url": {"prepare", "web"},
        "accounts_key": {"prepare", "web"},
        "owners_url": {"prepare", "watch", "worker", "web"},
        "owners_key": {"prepare", "watch", "worker", "web"},
        "index_key": {"prepare", "watch", "worker", "web"},
        "prefect_auth": {"prefect", "deploy", "watch", "worker"},
    }.items():
        assert {name for name, of in SERVICES.items() if secret in of.get("secrets", ())} == holders
    assert not any("destroyer" in secret for secret in FILE["secrets"]), "it is kept offline"


def test_prefect_asks_for_a_secret_and_everybody_who_calls_it_has_it() -> None:
    server = SERVICES["prefect"]["environment"]
    assert server["PREFECT_SERVER_API_AUTH_STRING_FILE"] == "/run/secrets/prefect_auth"
    for name, service in SERVICES.items():
        if "PREFECT_API_URL" in service.get("environment", {}):
            given = service["environment"]["PREFECT_API_AUTH_STRING_FILE"]
            assert given == "/run/secrets/prefect_auth", name


def test_all_who_publish_or_ask_share_one_index_of_owners_and_its_key() -> None:
    told = {
        name: {
            variable: value
            for variable, value in service.get("environment", {}).items()
            if variable.startswith("SOHOA_OWNERS__")
        }
        for name, service in SERVICES.items()
        if "SOHOA_STORAGE__KIND" in service.get("environment", {})
    }
    files = {
        "SOHOA_OWNERS__URL_FILE": "/run/secrets/owners_url",
        "SOHOA_OWNERS__KEY_FILE": "/run/secrets/owners_key",
    }
    assert told == dict.fromkeys(("prepare", *ROLES), files)
    for name in told:
        assert SERVICES[name]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def reached(name: str) -> set[str]:
    """Return which services share a network with this one."""
    networks = set(SERVICES[name]["networks"])
    return {other for other, of in SERVICES.items() if networks & set(of["networks"])} - {name}


def test_who_opens_foreign_files_reaches_neither_the_room_nor_the_outside() -> None:
    servers = {"minio", "elasticsearch", "prefect", "postgres"}
    assert reached("worker") == servers | {"watch", "deploy"}
    assert reached("web") == {"minio", "elasticsearch", "watch", "prepare", "postgres"}
    assert reached("postgres") == {"prefect", "prepare", "web", "watch", "worker"}
    outside = {name for name, of in FILE["networks"].items() if not of.get("internal")}
    assert outside == {"front", "console"}
    leads_outside = {name for name, of in SERVICES.items() if outside & set(of["networks"])}
    assert leads_outside == {"web", "prefect"} == {n for n, of in SERVICES.items() if "ports" in of}
