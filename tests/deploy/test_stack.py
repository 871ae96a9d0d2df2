"""Every service of docker-compose.yml starts as the file says, and one source is carried from a site to the index.

No Docker here: each service is a process in namespaces of its own with the file's command, environment, user, secrets, volumes
and seccomp profile (tests/deploy/stack.py); what the images themselves do is in images.yml, with its source.
"""

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.stack import SITE_NAME, Stack
from tests.deploy.stack_questions import (
    ask_doctor,
    await_answer,
    check_health,
    count_indexed,
    list_busy_dags,
    query_airflow,
    read_dags_anew,
    read_mails,
    read_output,
    start_run,
    trigger_dag,
    try_airflow_accounts,
    wait_for_run,
)

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "harbour_board"
TWIN = "harbour_board_again"
OPERATOR = f"abuse@{SITE_NAME}"
CHAOS_SEED = 20_261_129
"""Of the order in which services are killed where none is asked for: a release is judged by the same test as the one before."""
CHAOS = ("chaos_rendered", "chaos_plain")
PASSWORD = "a long pass phrase of the test"
KILL_CRAWL = """
import os, pathlib
for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    if b"crawlers.child" in file.read_bytes():
        os.kill(int(file.parent.name), 9)
        print(file)
"""
SIGN = """
[ -f /data/key ] || ssh-keygen -q -t ed25519 -N '' -f /data/key
echo "ana@example.org $(cut -d' ' -f1,2 /data/key.pub)" > /seeds/allowed_signers
cd /seeds && git add --all
git -c user.name=ana -c user.email=ana@example.org -c gpg.format=ssh -c user.signingkey=/data/key commit -q -S -m Sources
"""
PROGRAMS = ("git", "ssh-keygen", "unshare", "nsenter", "setpriv", "ip", "tini", "redis-server", "go", "chromium-headless-shell")
LIMIT_FILES = ("memory.limit_in_bytes", "memory.max", "pids.max")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def stack(service_folder: Callable[[str], Path], compiled_phrases: Path) -> Iterator[Stack]:
    """Return the whole stack, with a source that the operator has just written; skip where it cannot be, in CI fail."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if os.geteuid() != 0:
        lacking.append("root, who makes namespaces")
    if lacking:
        words = f"to start the stack as processes, missing: {', '.join(lacking)}"
        pytest.fail(f"{words} (in CI)") if os.environ.get("CI") == "true" else pytest.skip(words)
    folder = service_folder("stack")
    site = folder / "site"
    shutil.copytree(ROOT / "seeds" / "sample" / "js-board", site)
    shutil.copytree(ROOT / "seeds" / "sample" / "jobboard-microdata", site / "classifieds")
    for path in site.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"127.0.0.1:8106", SITE_NAME.encode()))
    made = Stack(folder, site)
    try:
        made.serve_site()
        made.up(["owners"])
        made.put_into("data", "cache", compiled_phrases)  # as after the first start
        made.up(["desk", "airflow-init"])
        for name in ("ana", "lea"):
            words = ("lurewatch", "users", "add", name, "--role", "lead", "--email", f"{name}@example.org", "--password-stdin")
            read_output(made.exec("desk", *words, given=f"{PASSWORD}\n"))
        read_output(put_seeds(made, {SOURCE: rendered_source()}))
        made.up()
        made.up(["door"])  # in a profile of its own
        yield made
    finally:
        made.down()


def put_seeds(stack: Stack, sources: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Write source files, sign a commit as Ana and accept it as Lea; return what the acceptance said."""
    for name, text in sources.items():
        read_output(stack.exec("desk", "tee", f"/seeds/sources/{name}.yml", given=text))
    read_output(stack.exec("desk", "sh", "-ec", SIGN))
    words = ("lurewatch", "seeds", "accept", "--why", "a source of the test", "--as", "lea", "--password-stdin")
    return stack.exec("desk", *words, given=f"{PASSWORD}\n")


def rendered_source() -> str:
    """Return the file of a source whose adverts a script draws, and whose operator takes its lists."""
    seed = (ROOT / "seeds" / "sources" / "sample_js_board.yml").read_text(encoding="utf-8")
    item = rf"^http://{re.escape(SITE_NAME)}/#j\d+$"
    seed = seed.replace("operator:\n", f"operator:\n  takedown: {{contact: {OPERATOR}, format: json, item: '{item}'}}\n")
    return seed.replace("127.0.0.1:8106", SITE_NAME).replace("schedule: by hand", 'schedule: "7 * * * *"')


def plain_source() -> str:
    """Return the file of a source that is read as it is, slowly enough to be killed in."""
    seed = (ROOT / "seeds" / "sources" / "sample_classifieds.yml").read_text(encoding="utf-8")
    seed = seed.replace("127.0.0.1:8102", f"{SITE_NAME}/classifieds").replace("delay_seconds: 0", "delay_seconds: 2")
    return seed.replace("schedule: by hand", 'schedule: "7 * * * *"')


def test_every_service_runs_and_is_healthy_by_its_own_check(stack: Stack) -> None:
    """A service that ended, or whose check fails, is named with the end of its log."""
    check_health(stack)


def test_a_source_written_in_the_stack_is_crawled_by_itself_and_found(stack: Stack) -> None:
    """Rendered by Chromium in its sandbox, kept in the object store, loaded into Elasticsearch, found at the desk."""
    assert wait_for_run(stack, f"crawl_{SOURCE}") == "success"
    found = read_output(stack.exec("desk", "lurewatch", "search", "", "--json", "--size", "100")).splitlines()
    assert len(found) >= 21
    assert {json.loads(line)["source"] for line in found} == {SOURCE}
    # An "expensive" query, which the docs need allowed.
    read_output(stack.exec("desk", "lurewatch", "search", "telegam~", "--json"))
    listed = "import s3fs; print(len(s3fs.S3FileSystem().glob('lurewatch/runs/harbour_board/*/report.json')))"
    assert read_output(stack.exec("desk", "python", "-c", listed)).strip() == "1"


def test_a_faulty_commit_is_refused_and_what_was_accepted_stays_in_force(stack: Stack) -> None:
    """Signed as uid 10001 in the volume; the Dag processor only reads there, and reaches no database of the desk."""
    good, dag = rendered_source(), f"crawl_{SOURCE}"
    assert wait_for_run(stack, dag) == "success"
    told = put_seeds(stack, {SOURCE: good.replace("\nkind:", "\nknid:", 1).replace("7 * * * *", "9 * * * *")})
    assert told.returncode == 1 and re.search(rf"{SOURCE}\.yml:\d+: knid: unknown key, did you mean kind", told.stderr)
    read_dags_anew(stack)
    assert query_airflow(stack, f"SELECT is_stale, timetable_summary FROM dag WHERE dag_id = '{dag}'") == ["f|7 * * * *"]
    read_output(put_seeds(stack, {SOURCE: good}))


def test_airflow_lets_each_account_do_what_its_role_says(stack: Stack) -> None:
    """Over HTTP, as a browser logs in: the viewer looks, the operator runs and pauses, the admin alone sees connections."""
    looks = {"see Dags": 200, "see a Dag's runs": 200, "see pools": 200}
    runs = {"pause": 200, "unpause": 200, "start a run": 200, "delete a Dag": 403}
    closed = {"see connections": 403, "add a variable": 403, "see variables": 403, "see users": 403, "change own password": 302}
    tokens = {"token": 201, "token, wrong password": 401}
    rights = try_airflow_accounts(stack, f"crawl_{SOURCE}")
    assert rights["viewer"] == {**looks, **dict.fromkeys(runs, 403), **closed, **tokens}
    assert rights["operator"] == {**looks, **runs, **closed, **tokens}
    admin = {"see connections": 200, "add a variable": 201, "see variables": 200, "see users": 200, "change own password": 200}
    assert rights["admin"] == {**looks, **runs, "delete a Dag": 404, **admin, **tokens}
    assert rights["nobody"] == {"wrong password": 401, "no log-in": 401}


def test_a_changed_password_of_airflow_is_set_and_the_old_one_is_refused(stack: Stack) -> None:
    """By the one-shot service, whose log holds none of them; sessions of the account end."""
    file = stack.project / "secrets" / "airflow_viewer_password"
    old, new = file.read_text(), "another pass phrase of the viewer"
    sessions = "SELECT count(*) FROM session WHERE encode(data, 'escape') LIKE '%_user_id%'"
    before = int(query_airflow(stack, sessions)[0])
    file.write_text(f"{new}\n")
    position = len(stack.log("airflow-accounts"))
    stack.stop("airflow-accounts")
    stack.start("airflow-accounts")
    stack.ended("airflow-accounts")
    assert stack.log("airflow-accounts")[position:].count("has the password of its file") == 1
    assert int(query_airflow(stack, sessions)[0]) < before
    token = (
        "import httpx, sys; print([httpx.post('http://127.0.0.1:8080/auth/token', timeout=300,"
        " json={'username': 'viewer', 'password': each}).status_code for each in sys.argv[1:]])"
    )
    tries = read_output(stack.exec("airflow-api-server", "python", "-c", token, old, new, *["a wrong one"] * 25, new))
    assert json.loads(tries) == [401, 201, *[401] * 26]  # after 25 wrong ones the right one waits, too
    log = stack.log("airflow-accounts") + stack.log("airflow-api-server")
    assert [word for word in (old, new, *(each.read_text() for each in file.parent.iterdir())) if word.strip() in log] == []


def test_the_dags_of_the_desk_run_and_none_before_its_time_has_come(stack: Stack) -> None:
    """Retention with its own index key, the digest with the mail server; takedown lists. A new stack writes to nobody."""
    asked = (
        "SELECT dag_id FROM dag_run WHERE run_type = 'scheduled' "
        "AND run_after < (SELECT min(start_date) FROM job) - interval '10 minutes'"
    )
    assert [dag for dag in query_airflow(stack, asked) if not dag.startswith("crawl_")] == []
    for dag in ("retention", "weekly_digest", "takedown_lists"):
        trigger_dag(stack, dag)


def test_the_weekly_mail_arrives_once(stack: Stack) -> None:
    """At whom .env names, from the run before."""
    told = [each for each in read_mails(stack) if each["To"] == "desk@example.org"]
    (mail,) = [each for each in told if not each["Subject"].startswith("[LureWatch ")]  # Alertmanager writes to it, too
    assert mail["Subject"].startswith("LureWatch: ")
    assert "Your organisation" in mail.get_body(("plain",)).get_content()


def test_a_confirmed_advert_reaches_its_platform_once_two_people_answer_for_it(stack: Stack) -> None:
    """Found in the index, confirmed at the desk, its list built by Airflow, approved by another person, sent by Airflow."""
    flagged = read_output(stack.exec("desk", "lurewatch", "search", "--flagged", "--json", "--source", SOURCE)).splitlines()
    advert, other = (json.loads(line) for line in flagged[:2])
    person = (ROOT / "tests" / "deploy" / "desk_person.py").read_text(encoding="utf-8")
    assert "Confirmed" in read_output(
        stack.exec("desk", "python", "-", "ana", PASSWORD, advert["id"], advert["title"], given=person)
    )
    trigger_dag(stack, "takedown_lists")
    (takedown_list,) = map(json.loads, read_output(stack.exec("desk", "lurewatch", "takedown", "show", "--json")).splitlines())
    assert (takedown_list["platform"], takedown_list["state"]) == (SOURCE, "built")
    approve = ("lurewatch", "takedown", "approve", str(takedown_list["id"]), "--password-stdin", "--as")
    refused = stack.exec("desk", *approve, "ana", given=f"{PASSWORD}\n")
    assert refused.returncode == 1 and "decided an item on this list" in refused.stderr
    read_output(stack.exec("desk", *approve, "lea", given=f"{PASSWORD}\ny\n"))
    trigger_dag(stack, "takedown_send")
    (mail,) = [each for each in read_mails(stack) if each["To"] != "desk@example.org"]
    assert (mail["To"], mail["Reply-To"]) == (OPERATOR, "Your organisation <desk@example.org>")
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    (entry,) = json.loads(files[f"{SOURCE}-1-list.json"])["entries"]
    assert (entry["change"], entry["url"]) == ("new", advert["url"])
    assert other["url"] not in str(files)


def test_an_undone_decision_is_told_once_and_a_killed_crawl_carries_on(stack: Stack) -> None:
    """By the person who decided; then everything runs once more, and nobody hears anything or finds an advert twice."""
    (notice,) = map(json.loads, read_output(stack.exec("desk", "lurewatch", "takedown", "show", "1", "--json")).splitlines())
    words = ("lurewatch", "takedown", "retract", notice["item_id"], "--why", "an honest board", "--as", "ana", "--password-stdin")
    assert "takes 1 back" in read_output(stack.exec("desk", *words, given=f"{PASSWORD}\n"))

    def read_told() -> tuple[int, list[EmailMessage]]:
        kept = read_output(stack.exec("desk", "lurewatch", "takedown", "show", "--json")).splitlines()
        return len(kept), [each for each in read_mails(stack) if not each["Subject"].startswith("[LureWatch ")]

    trigger_dag(stack, "takedown_send")
    lists, mails = read_told()
    back = next(part for part in mails[-1].iter_attachments() if part.get_filename() == f"{SOURCE}-2-list.json")
    assert (mails[-1]["To"], [each["change"] for each in json.loads(back.get_content())["entries"]]) == (OPERATOR, ["withdrawn"])

    stored = count_indexed(stack)
    with ThreadPoolExecutor(1) as pool:
        again = pool.submit(trigger_dag, stack, f"crawl_{SOURCE}")
        await_answer(lambda: stack.exec("render-worker", "python", "-c", KILL_CRAWL).stdout, bool, lambda: "no crawl begins")
        again.result()
    for dag in ("weekly_digest", "takedown_lists", "takedown_send"):
        trigger_dag(stack, dag)
    after = read_told()
    assert (after[0], len(after[1]), count_indexed(stack)) == (lists, len(mails), stored)


def test_the_desk_holds_no_key_that_can_erase_or_manage(stack: Stack) -> None:
    """Nor does any service but the one that needs it: each is handed its own."""
    body = (
        "from index.elastic.client import client; from lurewatch.settings import load_settings\n"
        "s = load_settings(); es = client(s.store, api_key=s.store_api_key, ca=s.store_ca)\n"
        "r = es.security.has_privileges(index=[{'names': ['lurewatch'], 'privileges': ['delete', 'manage', 'read']}])\n"
        "print(r['index']['lurewatch'])"
    )
    for service, erases in (("desk", False), ("airflow-worker", True)):
        held = read_output(stack.exec(service, "python", "-c", body)).strip()
        assert held == str({"delete": erases, "manage": False, "read": True}), service


def test_nothing_can_be_written_but_volumes_and_memory(stack: Stack) -> None:
    """Each root is mounted as the file says."""
    for name, service in stack.services.items():
        if not service.one_shot and service.read_only:
            tried = stack.exec(name, "sh", "-c", "touch /probe; touch /usr/probe; touch /etc/probe; touch /tmp/probe && echo yes")
            assert (tried.stdout.strip(), tried.stderr.count("Read-only file system")) == ("yes", 3), f"{name}: {tried.stderr}"


def test_a_service_reaches_only_those_it_shares_a_network_with(stack: Stack) -> None:
    """The browser's worker no database, index or mail; the desk and the scheduler nothing outside; nobody across `published`."""
    ask = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
    ports = {
        "postgres": 5432, "broker": 6379, "render-broker": 6379, "elasticsearch": 9200, "objects": 7070, "mail": 1025,
        SITE_NAME: 80,
    }  # fmt: skip
    reached = {
        "desk": {"postgres", "elasticsearch", "objects"},
        "exporter": set(ports),
        "airflow-scheduler": {"postgres", "broker", "render-broker"},
        "render-worker": {"render-broker", "objects", SITE_NAME},
        "airflow-worker": set(ports) - {"render-broker"},
    }
    for name, wanted in reached.items():
        assert {
            to for to, port in ports.items() if stack.exec(name, "python", "-c", ask, to, str(port)).returncode == 0
        } == wanted
    addresses = {host: each.address for host in ports if host != SITE_NAME for each in stack.networks.interfaces[host][:1]}
    by_address = {
        host: stack.exec("render-worker", "python", "-c", ask, address, str(ports[host])) for host, address in addresses.items()
    }
    assert {host for host, tried in by_address.items() if tried.returncode == 0} == {"render-broker", "objects"}
    assert "Network is unreachable" in by_address["postgres"].stderr
    published = stack.networks.interfaces["airflow-api-server"][-1].address
    assert stack.exec("desk", "python", "-c", ask, published, "8080").returncode != 0


def test_a_role_of_the_database_knows_its_own_only(stack: Stack) -> None:
    """The desk's, at the desk, and that of crawls: it is no superuser and may connect to no other's database."""
    ask = (
        "import psycopg, sys; from sqlalchemy.engine import make_url\n"
        "url = make_url(open(f'/run/secrets/{sys.argv[1]}_database').read())\n"
        "where = dict(host=url.host, user=url.username, password=url.password)\n"
        "ask = 'SELECT usename, usesuper FROM pg_user WHERE usename = current_user'\n"
        "print(psycopg.connect(dbname=sys.argv[1], **where).execute(ask).fetchone())\n"
        "psycopg.connect(dbname=sys.argv[2], **where)"
    )
    for service, own, other in (("desk", "desk", "airflow"), ("airflow-worker", "crawl", "desk")):
        tried = stack.exec(service, "python", "-c", ask, own, other)
        assert tried.stdout.strip() == f"('{own}', False)"
        assert "permission denied for database" in tried.stderr


def test_limits_are_in_force_and_leave_room(stack: Stack) -> None:
    """Where this machine lets us make control groups. Run with -s, it prints how much memory each service has used at most."""
    for name, service in stack.services.items():
        if name in stack.limits and stack.limits[name].groups:
            held = {
                (group / file).read_text().strip()
                for group in stack.limits[name].groups
                for file in LIMIT_FILES
                if (group / file).exists()
            }
            assert {str(service.memory_bytes), str(service.pids)} <= held, name
            print(f"{name:24} {(stack.limits[name].peak_bytes() or 0) >> 20:6} of {service.memory_bytes >> 20} MiB")  # noqa: T201 - the figures


def test_the_password_of_elasticsearch_is_its_own_users_alone(stack: Stack) -> None:
    """Its image takes no file of another mode."""
    words = ("stat", "-c", "%a %u", "/elastic-password/elastic_password")
    assert read_output(stack.exec("elasticsearch", *words)).strip() == "400 1000"


def test_the_key_of_elasticsearch_is_read_by_elasticsearch_alone(stack: Stack) -> None:
    """Everybody else finds the certificate of the authority, and nothing beside it; the authority's key is nowhere."""
    for name in ("desk", "airflow-worker", "exporter"):
        found = read_output(stack.exec(name, "sh", "-c", "cd /certs && find . -type f; cat ca/ca.crt"))
        assert found.startswith("./ca/ca.crt\n-----BEGIN CERTIFICATE"), found
    certs = read_output(
        stack.exec("elasticsearch", "sh", "-c", "cd /usr/share/elasticsearch/config/certs && find . -type f | sort")
    )
    assert certs.split() == ["./ca/ca.crt", "./elasticsearch/elasticsearch.crt", "./elasticsearch/elasticsearch.key"]


def test_prometheus_sees_that_the_desk_is_down_and_alertmanager_hears_of_everything(stack: Stack) -> None:
    """By the rules that the exporter wrote, without the desk and without Airflow. What becomes a mail: test_doctor_command.py."""

    def ask(name: str, address: str) -> Any:
        return json.loads(read_output(stack.exec(name, "wget", "-q", "-O", "-", address)))

    def alerts() -> set[str]:
        told = ask("prometheus", "http://127.0.0.1:9090/api/v1/alerts")["data"]["alerts"]
        return {f"{alert['labels']['alertname']} {alert['labels'].get('part', '')}".strip() for alert in told}

    stack.stop("desk")
    await_answer(alerts, lambda found: {"PartDown desk", "Watchdog"} <= found, lambda: stack.log("exporter")[-3000:])
    heard = ask("alertmanager", "http://127.0.0.1:9093/api/v2/alerts")
    assert "Watchdog" in {alert["labels"]["alertname"] for alert in heard}
    stack.start("desk")
    await_answer(lambda: stack.healthy("desk"), bool, lambda: stack.log("desk")[-3000:])


def test_a_workers_death_is_noticed_and_its_run_ends_with_every_advert_once(stack: Stack) -> None:
    """Killed with signal 9 in the middle of a source's first run, started again; test_compose.py holds within which time."""
    read_output(put_seeds(stack, {TWIN: rendered_source()}))
    read_dags_anew(stack)
    query = f"SELECT id, try_number FROM task_instance WHERE state = 'running' AND dag_id = 'crawl_{TWIN}' AND task_id = 'fetch'"
    ask, log = lambda: query_airflow(stack, query), lambda: stack.log("airflow-scheduler")[-3000:]
    lost = await_answer(ask, bool, log)
    stack.stop("render-worker")
    stack.start("render-worker")
    await_answer(ask, lambda rows: rows != lost, log)
    assert wait_for_run(stack, f"crawl_{TWIN}") == "success"
    found = count_indexed(stack)
    assert set(found.values()) == {1}
    assert {url for source, url in found if source == TWIN} == {url for source, url in found if source == SOURCE}


def test_each_service_killed_once_while_two_sources_run_loses_and_doubles_nothing(stack: Stack) -> None:
    """With signal 9, in an order drawn from a seed: LUREWATCH_TEST_SEED is another one, ``any`` a new one. -s prints figures."""
    wanted = os.environ.get("LUREWATCH_TEST_SEED") or CHAOS_SEED
    seed = random.SystemRandom().randrange(100_000) if wanted == "any" else int(wanted)
    order = [name for name, service in stack.services.items() if not service.one_shot]
    random.Random(seed).shuffle(order)
    print(f"\nseed {seed}: {', '.join(order)}")  # noqa: T201 - the order, to repeat it
    read_output(put_seeds(stack, dict(zip(CHAOS, (rendered_source(), plain_source()), strict=True))))
    read_dags_anew(stack)
    fetching = "SELECT 1 FROM task_instance WHERE state = 'running' AND task_id = 'fetch' AND dag_id LIKE 'crawl_chaos_%'"
    await_answer(lambda: query_airflow(stack, fetching), bool, lambda: stack.log("airflow-scheduler")[-3000:])
    with stack.kept_running():
        for name in order:
            # On a slow machine a run may end meanwhile.
            for dag in {f"crawl_{source}" for source in CHAOS} - list_busy_dags(stack, CHAOS):
                await_answer(
                    lambda wanted=dag: start_run(stack, wanted).returncode, lambda code: code == 0,
                    lambda: stack.log("airflow-api-server")[-1500:],
                )  # fmt: skip
            stack.kill(name)
            await_answer(lambda killed=name: stack.restarts[killed], bool, lambda killed=name: stack.log(killed)[-2000:])
        await_answer(
            lambda: list_busy_dags(stack, CHAOS), lambda dags: not dags,
            lambda: "".join(stack.log(f"airflow-{part}")[-3000:] for part in ("scheduler", "worker")),
        )  # fmt: skip
    print(f"restarts: {dict(stack.restarts)}")  # noqa: T201 - the figures
    states = "SELECT dag_id, run_type, state FROM dag_run WHERE dag_id LIKE 'crawl_chaos_%' ORDER BY id"
    ended = query_airflow(stack, states)
    print("runs: " + "; ".join(ended))  # noqa: T201 - the figures
    assert len(ended) >= len(CHAOS) and all(row.endswith("|success") for row in ended), ended
    found = count_indexed(stack)
    assert set(found.values()) == {1}
    of = {source: {url for one, url in found if one == source} for source in (SOURCE, *CHAOS)}
    assert of["chaos_rendered"] == of[SOURCE]
    listed = (stack.site / "classifieds").glob("listing-*.html")
    assert of["chaos_plain"] == {f"http://{SITE_NAME}/classifieds/{file.name}" for file in listed}


def test_ordinary_workers_share_crawl_state_and_the_browsers_worker_keeps_its_own(stack: Stack) -> None:
    """That of the plain source is a schema of the role `crawl`; those of the rendered ones are files."""
    query = "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname LIKE 'source_%'"
    schemas = read_output(stack.exec("postgres", "psql", "-U", "lurewatch", "-d", "crawl", "-Atc", query)).splitlines()
    assert schemas == ["source_chaos_plain|crawl"]
    folders = read_output(stack.exec("render-worker", "sh", "-c", "ls -d /data/state/*/")).split()
    assert {Path(folder).name for folder in folders} == {SOURCE, TWIN, "chaos_rendered"}


def test_the_doctor_is_well_where_airflow_runs_and_says_where_to_ask_elsewhere(stack: Stack) -> None:
    """At the desk, which holds no secret of Airflow's, it is a warning."""
    parts = {
        *(
            "scheduler",
            "dag processor",
            "worker",
            "render worker",
            "broker",
            "render broker",
            "store",
            "mail",
            "runs",
            "database",
        ),
        *("audit log", "crawl state", "desk", "airflow", "alertmanager"),
    }
    await_answer(  # services killed in the round before come back in their own time
        lambda: {part: finding["status"] for part, finding in ask_doctor(stack).items() if part in parts},
        lambda found: found == dict.fromkeys(parts, "ok"),
        lambda: stack.log("doctor")[-3000:],
    )
    asked = stack.exec("desk", "lurewatch", "doctor", "--json")
    desk = {finding["part"]: finding["status"] for finding in map(json.loads, asked.stdout.splitlines())}
    assert (asked.returncode, desk["airflow"], desk["runs"], desk["store"]) == (0, "warn", "ok", "ok"), asked.stdout


def test_the_doctor_is_red_when_nothing_would_run(stack: Stack) -> None:
    """Worker, scheduler and Dag processor dead: each is named with its fix."""
    for name in ("airflow-worker", "render-worker", "airflow-scheduler", "airflow-dag-processor"):
        stack.stop(name)
    fresh = (
        "SELECT job_type FROM job WHERE job_type IN ('SchedulerJob', 'DagProcessorJob') "
        "AND latest_heartbeat > now() - interval '31 seconds'"
    )
    await_answer(lambda: query_airflow(stack, fresh), lambda rows: rows == [], lambda: "heartbeats go on")
    found = {part: finding for part, finding in ask_doctor(stack).items() if finding["status"] == "missing"}
    assert set(found) == {"scheduler", "dag processor", "worker", "render worker"}, found
    assert "airflow-scheduler" in found["scheduler"]["fix"] and "no sign of life" in found["scheduler"]["detail"]
    assert "airflow-dag-processor" in found["dag processor"]["fix"]
    assert "airflow-worker" in found["worker"]["fix"] and "render-worker" in found["render worker"]["fix"]


def test_the_stack_starts_again_without_mail(stack: Stack) -> None:
    """As `docker compose up` does after an upgrade: one-shot services run again, keys and passwords stay, edits stay."""
    stack.stop("mail")
    for name in ("owners", "certificates", "database-roles", "index-key", "prepare"):
        stack.stop(name)
        stack.start(name)
        stack.ended(name)
    assert "wrote" not in stack.log("index-key").split("wrote the index key manage")[-1]
    assert SOURCE in read_output(stack.exec("desk", "ls", "/seeds/sources"))
