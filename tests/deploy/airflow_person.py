"""What people do at Airflow's pages, for ``python - DAG NAME=PASSWORD …`` inside its container; prints the answers' codes."""

import json
import sys

import httpx
from lxml import html

ADDRESS = "http://127.0.0.1:8080"


def log_in(name: str, password: str) -> httpx.Client:
    """Send the form of the log-in page, as a browser does; return a client with what cookies that brought."""
    person = httpx.Client(base_url=ADDRESS, timeout=300)
    page = html.fromstring(person.get("/auth/login/").raise_for_status().text)
    (form,) = page.xpath("//form[.//input[@name='password']]")
    person.post("/auth/login/", data={**dict(form.form_values()), "username": name, "password": password})
    return person


def token(name: str, password: str) -> int:
    """Ask for a token as a program does; return the answer's code."""
    return httpx.post(f"{ADDRESS}/auth/token", json={"username": name, "password": password}, timeout=300).status_code


def answers_to(name: str, password: str, dag: str) -> dict[str, int]:
    """Return what an account tried -> the answer's code."""
    person = log_in(name, password)
    variable = {"key": "of_the_test", "value": "1"}
    return {
        "token": token(name, password),
        "token, wrong password": token(name, "a wrong one"),
        "see Dags": person.get("/api/v2/dags").status_code,
        "see a Dag's runs": person.get(f"/api/v2/dags/{dag}/dagRuns").status_code,
        "see pools": person.get("/api/v2/pools").status_code,
        "pause": person.patch(f"/api/v2/dags/{dag}", json={"is_paused": True}).status_code,
        "unpause": person.patch(f"/api/v2/dags/{dag}", json={"is_paused": False}).status_code,
        "start a run": person.post("/api/v2/dags/rescore/dagRuns", json={"logical_date": None}).status_code,
        "delete a Dag": person.delete("/api/v2/dags/no_such_dag").status_code,
        "see connections": person.get("/api/v2/connections").status_code,
        "see variables": person.get("/api/v2/variables").status_code,
        "add a variable": person.post("/api/v2/variables", json=variable).status_code,
        "see users": person.get("/auth/fab/v1/users").status_code,
        "change own password": person.get("/auth/resetmypassword/form").status_code,
    }


if __name__ == "__main__":
    accounts = dict(word.split("=", 1) for word in sys.argv[2:])
    answers = {name: answers_to(name, password, sys.argv[1]) for name, password in accounts.items()}
    # One wrong try: the form takes five from an address in 40 seconds.
    refused = {"wrong password": log_in("admin", "a wrong one"), "no log-in": httpx.Client(base_url=ADDRESS, timeout=300)}
    answers["nobody"] = {what: client.get("/api/v2/dags").status_code for what, client in refused.items()}
    print(json.dumps(answers))  # noqa: T201 - what the test reads
