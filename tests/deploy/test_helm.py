"""The Helm chart is valid, restricted, and gives each pod what docker-compose.yml gives its service, and no more."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from crawlers.sources.source import Source, read_sources
from desk.web.guard import LOOPBACK
from lurewatch.app.schedule import POD_TEMPLATE, executor_config_of
from lurewatch.cli.administer.serve_command import command
from lurewatch.settings import NOT_SETTINGS, Settings
from tests.deploy.compose_file import Service
from tests.deploy.go_programs import HELM, go_program
from tests.deploy.helm_chart import (
    CHART,
    FULL,
    Manifest,
    Pod,
    breaches,
    helm,
    pods,
    policies_of,
    reached,
    rendered,
    templates,
)

ROOT = Path(__file__).resolve().parents[2]
SERVICES = {
    "desk": "desk", "api-server": "airflow-api-server", "scheduler": "airflow-scheduler", "triggerer": "airflow-triggerer",
    "dag-processor": "airflow-dag-processor", "work": "airflow-worker", "render": "render-worker", "migrate": "airflow-init",
    "accounts": "airflow-accounts", "clean": "airflow-clean", "doctor": "doctor", "exporter": "exporter",
}  # fmt: skip
"""Pod of the chart -> service of docker-compose.yml it does the work of."""
OWN = {
    "LUREWATCH_RENDER_POOL", "LUREWATCH_METRICS_TOKEN", "AIRFLOW__CORE__PARALLELISM", "LUREWATCH_BROKER",
    "LUREWATCH_RENDER_BROKER",
}  # fmt: skip
"""Variables of the chart alone, and of brokers, which it has not."""
PLACES = {"AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__API__BASE_URL"}
"""Options of Airflow whose value is another in each: the executor and addresses."""
WHERE = "--exporter exporter:9464 --alertmanager alertmanager:9093"
"""Where Prometheus finds the others in docker-compose.yml; in the chart they share a pod."""
OF_ONE_EXECUTOR = re.compile(
    r"AIRFLOW__((RENDER___)?CELERY__|KUBERNETES_EXECUTOR__|SCHEDULER__(TASK_QUEUED_TIMEOUT|NUM_STUCK_IN_QUEUED_RETRIES))"
)
"""Options that only Celery or only Kubernetes needs. Compose's short time in the queue would remove pods that wait for a node."""


@pytest.fixture(scope="module")
def program(missing_service: Callable[[str], None]) -> Path:
    """Return Helm."""
    try:
        return go_program(HELM)
    except OSError as exc:
        missing_service(str(exc))
        raise


@pytest.fixture(scope="module")
def default(program: Path) -> list[Manifest]:
    """Return the manifests of the chart's own values."""
    return rendered(program)


@pytest.fixture(scope="module")
def full(program: Path) -> list[Manifest]:
    """Return the manifests with every part switched on."""
    return rendered(program, "--values", FULL)


@pytest.fixture(scope="module", params=["default", "full"])
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    """Return both, one after the other."""
    made: list[Manifest] = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize("values", [[], ["--values", FULL]], ids=["default", "full"])
def test_helm_finds_nothing_to_say(values: list[str | Path], program: Path) -> None:
    """Not even a warning."""
    done = helm(program, "lint", CHART, "--strict", "--kube-version", "1.37.0", *values)
    assert done.returncode == 0 and "[WARNING]" not in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("version", ["1.30.0", "1.37.0"])
def test_it_is_valid_under_the_schemas_of_kubernetes(version: str, default: list[Manifest], full: list[Manifest]) -> None:
    """Of the oldest version it takes and of the newest; the pods Airflow makes of its templates, too."""
    task_pods = [
        {**template, "metadata": {**template["metadata"], "name": name}}
        for manifests in (default, full)
        for name, template in templates(manifests).items()
    ]
    for document in (*default, *full, *task_pods):
        kubernetes_validate.validate(document, version, strict=True)
    broken = json.loads(json.dumps(task_pods[0]).replace('"runAsNonRoot"', '"runAsNobody"'))
    with pytest.raises(kubernetes_validate.ValidationError, match="'runAsNobody' was unexpected"):
        kubernetes_validate.validate(broken, version, strict=True)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("desk.replica=2", "additional properties 'replica' not allowed|Additional property replica is not allowed"),
        ("secrets.deskDatabase.name=", "deskDatabase.*name"),
        ("organisation.contactEmail=nobody", "contactEmail"),
        ("network.database.to=null", "database"),
        ("userId=0", "userId"),
        ("image.digest=sha256:1", "digest"),
        ("mail.notifyRecipients=", "notifyRecipients"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_by_its_name(setting: str, told: str, program: Path) -> None:
    """Misspelt, empty, root, or a policy that would let everybody through."""
    with pytest.raises(ValueError, match=f"(?s)values don't meet the specifications.*({told})"):
        rendered(program, "--set", setting)


def test_every_pod_is_restricted(manifests: list[Manifest]) -> None:
    """By Kubernetes' own standard, with limits on memory."""
    assert {name: found for name, pod in pods(manifests).items() if (found := breaches(pod))} == {}
    for pod in pods(manifests).values():
        assert all("memory" in container["resources"]["limits"] for container in pod.containers)


def test_only_the_scheduler_speaks_to_the_cluster(manifests: list[Manifest]) -> None:
    """And may do no more than what tasks' pods need, in its own namespace. Its token's folder is covered by no other mount."""
    made = pods(manifests)
    assert [name for name, pod in made.items() if pod.spec["automountServiceAccountToken"]] == ["scheduler"]
    account = made["scheduler"].spec["serviceAccountName"]
    assert [name for name, pod in made.items() if pod.spec["serviceAccountName"] == account] == ["scheduler"]
    (role,) = [manifest for manifest in manifests if manifest["kind"] == "Role"]
    assert [rule["resources"] for rule in role["rules"]] == [["pods"]] and "*" not in role["rules"][0]["verbs"]
    (binding,) = [manifest for manifest in manifests if manifest["kind"] == "RoleBinding"]
    assert [(subject["name"], subject["namespace"]) for subject in binding["subjects"]] == [(account, "lure")]
    assert not [manifest for manifest in manifests if manifest["kind"].startswith("Cluster")]
    # Debian's /var/run is /run: a read-only volume there would leave no place for the token.
    paths = {mount["mountPath"] for container in made["scheduler"].containers for mount in container["volumeMounts"]}
    assert not [path for path in paths if path.startswith(("/run", "/var/run"))]


def test_a_policy_denies_everything_to_every_pod(manifests: list[Manifest]) -> None:
    """And others open what each needs: every label that names a server has its policy."""
    everybody = {"Ingress", "Egress"}
    for pod in pods(manifests).values():
        selecting = policies_of(pod.labels, manifests)
        closing = [policy for policy in selecting if not policy.keys() & {"ingress", "egress"}]
        assert [set(policy["policyTypes"]) for policy in closing] == [everybody]
        servers = [label for label in pod.labels if label.startswith("reaches.lurewatch/")]
        named = {label for policy in selecting for label in policy["podSelector"]["matchLabels"]}
        assert set(servers) <= named


def values_of(program: Path) -> dict[str, Any]:
    """Return the chart's own values."""
    from ruamel.yaml import YAML

    values: dict[str, Any] = YAML(typ="safe").load(helm(program, "show", "values", CHART).stdout)
    return values


def test_a_pod_reaches_what_its_service_reaches(default: list[Manifest], program: Path, services: dict[str, Service]) -> None:
    """As their networks say in docker-compose.yml; there is no broker, and names are looked up in the cluster."""
    network = values_of(program)["network"]
    known = ("database", "index", "objects", "mail", "outside", "kubernetesApi")
    made = pods(default)
    for name, pod in made.items():
        peers = reached(pod.labels, default)
        named = {server for server in known if all(peer in peers for peer in network[server]["to"])}
        inside = [
            peer["podSelector"]["matchLabels"] for peer in peers if "podSelector" in peer and "namespaceSelector" not in peer
        ]
        components = {labels["app.kubernetes.io/component"] for labels in inside}
        assert components <= ({"desk", "api-server", "exporter"} if name in ("exporter", "doctor") else {"api-server"}), name
        if "api-server" in components:
            named.add("tasks")
        if "exporter" in components:
            named.add("watch")
        assert len(peers) == sum(len(network[server]["to"]) for server in {*named, "dns"} - {"tasks", "watch"}) + len(inside)
        if name in SERVICES:
            # The API server is on `tasks` and `published` because others speak to it; for its health on `database`.
            unlike = {"broker", "render-broker", "published", *({"tasks"} if name == "api-server" else ())}
            wanted = set(services[SERVICES[name]].networks) - unlike
            if name in ("exporter", "doctor", "dag-processor", "triggerer"):
                wanted.add("tasks")
            assert named == wanted | ({"kubernetesApi"} if name == "scheduler" else set()), name
    assert {name for name in made if name not in SERVICES} == {"prepare", "rebuild"}


def test_the_door_of_platforms_is_made_where_it_has_a_secret_and_reaches_the_database_alone(
    default: list[Manifest], full: list[Manifest], services: dict[str, Service]
) -> None:
    """It is given the settings of its service, one secret and no volume."""
    assert "door" not in pods(default)
    door, compose = pods(full)["door"], services["door"]
    assert settings_in(door.environment).keys() == settings_in(compose.environment).keys()
    assert (door.secrets, door.claims) == ({"doorDatabase": "lurewatch-door-database"}, {})
    addresses = {peer["ipBlock"]["cidr"] for peer in reached(door.labels, full) if "ipBlock" in peer}
    assert addresses == {"10.20.0.10/32"}
    (ingress,) = [one for one in full if one["kind"] == "Ingress" and one["metadata"]["name"] == "watch-door"]
    assert ingress["spec"]["rules"][0]["host"] == "notices.watch.example.net"


def test_the_pod_with_the_browser_reaches_no_database_index_or_mail(default: list[Manifest], full: list[Manifest]) -> None:
    """But the object store and the public network, whatever is switched on; it holds one secret, and writes no sources."""
    for manifests, objects in ((default, "192.0.2.30/32"), (full, "10.20.0.30/32")):
        render = pods(manifests)["render"]
        addresses = {peer["ipBlock"]["cidr"] for peer in reached(render.labels, manifests) if "ipBlock" in peer}
        assert addresses == {objects, "0.0.0.0/0", "::/0"}
        named = {
            label
            for peer in reached(render.labels, manifests)
            for label in peer.get("podSelector", {}).get("matchLabels", {}).values()
        }
        assert named == {"kube-dns", "lurewatch", "watch", "api-server"}
        assert render.secrets == {"objectsRender": "lurewatch-objects-render"}
        assert render.claims == {"/data": True, "/logs": True, "/seeds": False}


def test_pods_that_crawl_reach_no_private_network_by_the_open_one(manifests: list[Manifest]) -> None:
    """Nor the cloud's metadata address; nobody else reaches the outside."""
    made = pods(manifests)
    for name, pod in made.items():
        wide = [
            peer["ipBlock"]
            for peer in reached(pod.labels, manifests)
            if peer.get("ipBlock", {}).get("cidr") in ("0.0.0.0/0", "::/0")
        ]
        assert bool(wide) == (name in ("work", "render", "doctor", "exporter"))
        for block in wide:
            spared = {"10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} if "." in block["cidr"] else {"fc00::/7"}
            assert spared <= set(block["except"])


def settings_in(environment: dict[str, str]) -> dict[str, str]:
    """Return variables under the name of what they set, whether as a value, a file or a command."""
    ends = re.compile(r"(?<=\w)_(FILE|CMD)$")
    kept = {name: value for name, value in environment.items() if not OF_ONE_EXECUTOR.match(name)}
    return {name if name.startswith("AWS_") else ends.sub("", name): value for name, value in kept.items()}


def test_a_pod_is_given_the_settings_of_its_service(full: list[Manifest], services: dict[str, Service]) -> None:
    """Those of the other executor aside. Airflow's values are equal, but for the executor, addresses and the files of secrets."""
    made = pods(full)
    for name, service in SERVICES.items():
        pod, compose = settings_in(made[name].environment), settings_in(services[service].environment)
        assert pod.keys() - OWN == compose.keys() - OWN, name
        for variable in pod.keys() & {key for key in compose if key.startswith("AIRFLOW__")}:
            here, there = (re.sub(r"/(run/)?secrets/\w+", "", values[variable]) for values in (pod, compose))
            if variable not in PLACES:
                assert here == there, variable


def in_compose(secret: str) -> str:
    """Return the name that a secret of the chart has in docker-compose.yml."""
    return re.sub(r"(?=[A-Z])", "_", secret).lower().replace("objects_", "s3_")


def test_a_pod_holds_the_secrets_of_its_service(full: list[Manifest], services: dict[str, Service]) -> None:
    """Keys of the index are volumes there; addresses of mail and webhooks are settings there. Every file named is mounted."""
    made = pods(full)
    elsewhere = {
        "indexCa",
        "indexDaily",
        "indexErase",
        "indexManage",
        "smtp",
        "metricsToken",
        "notifyWebhook",
        "notifyHeartbeat",
    }
    for name, pod in made.items():
        values = [*pod.environment.values(), *pod.containers[-1].get("args", [])]
        named = {value.rpartition("/")[2] for value in values if "/secrets/" in value}
        assert named == set(pod.secrets), name
        if name in SERVICES:
            theirs = {secret for secret in services[SERVICES[name]].raw.get("secrets", []) if "celery_" not in secret}
            assert {in_compose(secret) for secret in pod.secrets.keys() - elsewhere} == theirs, name
    holders = {secret: {name for name, pod in made.items() if secret in pod.secrets} for secret in elsewhere}
    assert holders["indexManage"] == {"prepare", "rebuild"} and holders["indexErase"] == {"work"}
    assert holders["smtp"] == {"work", "exporter", "doctor"} and holders["notifyWebhook"] == {"exporter", "doctor"}


def test_a_pod_writes_where_its_service_writes(default: list[Manifest], services: dict[str, Service]) -> None:
    """Certificates and keys are secrets here."""
    for name, pod in pods(default).items():
        if name in SERVICES:
            mounts = {path: not read_only for _, path, read_only in services[SERVICES[name]].mounts}
            theirs = {path: writes for path, writes in mounts.items() if path not in ("/certs/ca", "/index-key", "/alert-files")}
            assert pod.claims == theirs, name


def test_every_setting_and_every_option_is_one_that_is_read(full: list[Manifest]) -> None:
    """A misspelt one would be ignored in silence."""
    from airflow.configuration import conf

    names = {name for pod in pods(full).values() for name in pod.environment}
    ours = {name.removeprefix("LUREWATCH_").removesuffix("_FILE").lower() for name in names if name.startswith("LUREWATCH_")}
    assert ours - Settings.model_fields.keys() <= {name.removeprefix("LUREWATCH_").lower() for name in NOT_SETTINGS}
    options = [name.removesuffix("_CMD").lower().split("__")[1:] for name in names if name.startswith("AIRFLOW__")]
    assert [option for section, option in options if option not in conf.configuration_description[section]["options"]] == []


def test_the_image_is_that_of_compose(default: list[Manifest], full: list[Manifest], services: dict[str, Service]) -> None:
    """Of this release; by its digest where one is set. Other programs are those that compare and tell, as compose has them."""
    release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    images = {container["image"] for pod in pods(default).values() for container in pod.containers}
    others = {services[name].image for name in ("prometheus", "alertmanager")}
    assert images - others == {services["desk"].image} == {f"lurewatch:{release}"} and others < images
    digests = {container["image"].partition("@")[2] for pod in pods(full).values() for container in pod.containers}
    assert len(digests) == 1 + len(others) and all(digest.startswith("sha256:") for digest in digests)


def test_a_pod_runs_the_command_of_its_service(default: list[Manifest], services: dict[str, Service]) -> None:
    """Tasks' pods are handed theirs by Airflow. The desk's own command line takes its."""
    made = pods(default)
    for name, service in SERVICES.items():
        if name not in ("work", "render", "migrate"):
            words = [word.replace("/run/secrets/", "/secrets/") for word in services[service].command]
            args = made[name].containers[-1]["args"]
            if name == "exporter":  # one shell there, two containers here
                args = ["sh", "-ec", f"{' '.join(made[name].containers[0]['args'])} {WHERE}\nexec {' '.join(args)}\n"]
                args[-1] = args[-1].replace("/tmp/alert-files", "/alert-files")
            assert [re.sub(r"(?<=/secrets/)\w+", lambda file: in_compose(file[0]), word) for word in args] == words, name
    migrate, set_pool = made["migrate"].containers[0]["args"][-1].splitlines()
    assert migrate.split() == services[SERVICES["migrate"]].command
    assert set_pool.startswith(f"airflow pools set {made['dag-processor'].environment['LUREWATCH_RENDER_POOL']} 2 ")
    assert command.make_context("serve", made["desk"].containers[-1]["args"][2:]).params["behind_proxy"]
    probes = {probe for probe in made["desk"].containers[-1] if probe.endswith("Probe")}
    assert probes == {"startupProbe", "livenessProbe", "readinessProbe"}


def test_the_desk_answers_the_probes_of_its_pod(default: list[Manifest]) -> None:
    """A cluster asks the pod by its number, and the desk refuses every host but its own and those of this machine."""
    (desk,) = [made for made in default if made["kind"] == "Deployment" and made["metadata"]["name"].endswith("desk")]
    (container,) = desk["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        hosts = [each["value"] for each in container[probe]["httpGet"]["httpHeaders"] if each["name"] == "Host"]
        assert len(hosts) == 1, probe
        assert hosts[0] in LOOPBACK, probe


def test_chromium_runs_under_its_own_seccomp_profile_and_nothing_else_does(manifests: list[Manifest]) -> None:
    """The file's name is the one in the repository, and it has shared memory."""
    profiles = {
        name: pod.spec["securityContext"]["seccompProfile"].get("localhostProfile", "") for name, pod in pods(manifests).items()
    }
    assert {name for name, profile in profiles.items() if profile} == {"render"}
    assert (ROOT / "deploy" / Path(profiles["render"]).name).is_file()
    assert "/dev/shm" in {mount["mountPath"] for mount in pods(manifests)["render"].containers[0]["volumeMounts"]}


def test_preparation_is_made_again_when_a_value_changes_and_the_desk_waits_for_it(default: list[Manifest], program: Path) -> None:
    """A Job cannot be changed, so its name does; an upgrade that changes nothing keeps it."""

    def jobs(manifests: list[Manifest]) -> set[str]:
        return {manifest["metadata"]["name"] for manifest in manifests if manifest["kind"] == "Job"}

    assert jobs(default) == jobs(rendered(program))
    assert not jobs(default) & jobs(rendered(program, "--set", "index.url=https://other.example.org:9200"))
    made = pods(default)
    written = re.search(r"touch (\S+)", made["prepare"].containers[0]["args"][-1])
    assert written and f"[ -f {written[1]} ]" in made["desk"].spec["initContainers"][0]["args"][-1]


def test_what_has_a_time_is_airflows_and_the_rest_waits_to_be_asked(manifests: list[Manifest]) -> None:
    """What ``kubectl create job --from`` starts; a named repository is kept each night, Airflow is cleaned each week."""
    jobs = [manifest for manifest in manifests if manifest["kind"] == "CronJob"]
    times = {job["metadata"]["name"]: "" if job["spec"]["suspend"] else job["spec"]["schedule"] for job in jobs}
    assert times.pop("watch-backup", "30 2 * * *") == "30 2 * * *"
    assert times == {"watch-accounts": "", "watch-clean": "0 3 * * 0", "watch-doctor": "", "watch-rebuild": ""}


def test_what_is_kept_outlives_the_release(manifests: list[Manifest]) -> None:
    """And every claim a pod names is one the chart makes, or one that is there already."""
    claims = {manifest["metadata"]["name"]: manifest for manifest in manifests if manifest["kind"] == "PersistentVolumeClaim"}
    assert all(claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for claim in claims.values())
    volumes = [volume for pod in pods(manifests).values() for volume in pod.spec["volumes"] if "persistentVolumeClaim" in volume]
    named = {volume["persistentVolumeClaim"]["claimName"] for volume in volumes}
    assert named - claims.keys() <= {"lurewatch-seeds"} and claims.keys() <= named


def test_no_secret_is_made_and_no_password_stands_in_the_values(manifests: list[Manifest]) -> None:
    """They are named, and made by the operator."""
    assert not [manifest for manifest in manifests if manifest["kind"] == "Secret"]
    assert not re.search(r"://[^/\s:]+:[^@\s]+@", json.dumps(manifests))


def test_what_lasts_may_be_moved_one_pod_at_a_time(manifests: list[Manifest]) -> None:
    """Each Deployment has a budget that selects its pods and lets a node be emptied."""
    budgets = [manifest["spec"] for manifest in manifests if manifest["kind"] == "PodDisruptionBudget"]
    for deployment in (manifest for manifest in manifests if manifest["kind"] == "Deployment"):
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        mine = [budget for budget in budgets if budget["selector"]["matchLabels"].items() <= labels.items()]
        assert [budget["maxUnavailable"] for budget in mine] == [1]


def test_airflow_makes_the_pod_of_a_task_of_its_template(
    full: list[Manifest], tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the executor's own code: image, rights, labels and secrets stay; a rendered source has a template of its own."""
    from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator
    from kubernetes.client import ApiClient

    (config,) = [manifest["data"] for manifest in full if manifest["kind"] == "ConfigMap"]
    for name, text in config.items():
        (tmp_path / name).write_text(text)
    scheduler = pods(full)["scheduler"]
    option, mount = scheduler.environment[POD_TEMPLATE], scheduler.containers[-1]["volumeMounts"]
    assert Path(option).parent == Path(next(one["mountPath"] for one in mount if one["name"] == "pod-templates"))

    def task_pod(executor_config: dict[str, str]) -> Pod:
        base = PodGenerator.deserialize_model_file(str(tmp_path / Path(executor_config.get("pod_template_file", option)).name))
        pod = PodGenerator.construct_pod(
            dag_id="crawl_board", task_id="fetch", pod_id="crawl-board-fetch", try_number=1, kube_image=None, date=None,  # type: ignore[arg-type]
            args=["python", "-m", "airflow.sdk.execution_time.execute_workload"], pod_override_object=None, base_worker_pod=base,
            namespace="lure", scheduler_job_id="1", run_id="scheduled", with_mutation_hook=True,
        )  # fmt: skip
        plain = ApiClient().sanitize_for_serialization(pod)
        return Pod(plain["metadata"]["labels"]["app.kubernetes.io/component"], plain["metadata"]["labels"], plain["spec"])

    monkeypatch.setenv(POD_TEMPLATE, option)
    board, browsed = (
        next(source for source in read_sources(seeds)[0] if source.crawl.render is renders) for renders in (False, True)
    )
    for source, component in ((board, "work"), (browsed, "render")):
        pod, template = task_pod(executor_config_of(source)), pods(full)[component]
        assert (pod.component, breaches(pod), pod.secrets) == (component, [], template.secrets)
        assert reached(pod.labels, full) == reached(template.labels, full)
        assert pod.spec["restartPolicy"] == "Never"  # Airflow tries a task again, not the kubelet
        (container,) = pod.containers
        assert container["image"] == template.containers[0]["image"] and container["args"][0] == "python"
        assert set(template.environment) <= {variable["name"] for variable in container["env"]}


def test_other_executors_are_told_nothing_of_pods(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery has a queue for rendered sources."""
    monkeypatch.delenv(POD_TEMPLATE, raising=False)
    browsed: Source = next(source for source in read_sources(seeds)[0] if source.crawl.render)
    assert executor_config_of(browsed) == {}
