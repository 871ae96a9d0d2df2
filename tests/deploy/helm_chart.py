"""The Helm chart as Helm renders it: its pods, what their network policies let them reach."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CHART = Path(__file__).resolve().parents[2] / "deploy" / "helm" / "lurewatch"
FULL = CHART / "ci" / "full-values.yaml"
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Pod:
    """A pod that a manifest makes, or that Airflow makes of a template."""

    component: str
    labels: dict[str, str]
    spec: dict[str, Any]

    @property
    def containers(self) -> list[dict[str, Any]]:
        """Those that run, and those that run before."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its last container."""
        return {variable["name"]: variable["value"] for variable in self.containers[-1]["env"]}

    @property
    def secrets(self) -> dict[str, str]:
        """File below ``/secrets`` -> Secret it comes from."""
        sources = [
            source["secret"] for volume in self.spec["volumes"] for source in volume.get("projected", {}).get("sources", [])
        ]
        return {item["path"]: secret["name"] for secret in sources for item in secret["items"]}

    @property
    def claims(self) -> dict[str, bool]:
        """Path of each lasting volume -> whether it may be written."""
        lasting = {volume["name"] for volume in self.spec["volumes"] if "persistentVolumeClaim" in volume}
        mounts = self.containers[-1]["volumeMounts"]
        return {mount["mountPath"]: not mount.get("readOnly", False) for mount in mounts if mount["name"] in lasting}


def helm(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Helm, which takes no settings of this machine."""
    environment = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    return subprocess.run([program, *words], capture_output=True, text=True, check=False, env=environment)


def rendered(program: Path, *words: str | Path, version: str = "1.30.0") -> list[Manifest]:
    """Return what ``helm template`` makes of the chart for a version of Kubernetes; raise ValueError with what Helm says."""
    done = helm(program, "template", "watch", CHART, "--namespace", "lure", "--kube-version", version, *words)
    if done.returncode:
        raise ValueError(done.stderr)
    return [manifest for manifest in YAML(typ="safe").load_all(done.stdout) if manifest]


def templates(manifests: list[Manifest]) -> dict[str, Manifest]:
    """Return name -> pod template of the KubernetesExecutor."""
    (found,) = [manifest["data"] for manifest in manifests if manifest["kind"] == "ConfigMap"]
    return {name.removesuffix(".yaml"): YAML(typ="safe").load(text) for name, text in found.items()}


def pods(manifests: list[Manifest]) -> dict[str, Pod]:
    """Return component -> pod."""
    made = {}
    for template in _pod_manifests(manifests):
        labels = template["metadata"]["labels"]
        component = labels["app.kubernetes.io/component"]
        made[component] = Pod(component, labels, template["spec"])
    return made


def _pod_manifests(manifests: list[Manifest]) -> Iterator[Manifest]:
    for manifest in manifests:
        match manifest["kind"]:
            case "Deployment" | "Job":
                yield manifest["spec"]["template"]
            case "CronJob":
                yield manifest["spec"]["jobTemplate"]["spec"]["template"]
    yield from templates(manifests).values()


def policies_of(labels: Mapping[str, str], manifests: list[Manifest]) -> list[Manifest]:
    """Return the network policies that select a pod."""
    policies = [manifest["spec"] for manifest in manifests if manifest["kind"] == "NetworkPolicy"]
    return [policy for policy in policies if policy["podSelector"]["matchLabels"].items() <= labels.items()]


def reached(labels: Mapping[str, str], manifests: list[Manifest]) -> list[dict[str, Any]]:
    """Return the peers that a pod's policies let it speak to, all together."""
    rules = [rule for policy in policies_of(labels, manifests) for rule in policy.get("egress", [])]
    assert all(rule.get("to") and rule.get("ports") for rule in rules), "a rule without peers or ports lets everything through"
    return [peer for rule in rules for peer in rule["to"]]


def breaches(pod: Pod) -> list[str]:
    """Return what Kubernetes' Pod Security Standard "restricted" refuses in a pod, and roots that can be written.

    Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
    """
    spec, shared = pod.spec, pod.spec.get("securityContext", {})
    found = [name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    allowed = {"name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
    found += [f"volume {volume['name']}" for volume in spec["volumes"] if not volume.keys() <= allowed]
    for container in pod.containers:
        own = container.get("securityContext", {})
        both = shared | own
        rules = {
            "privileged": not own.get("privileged"),
            "escalates": own.get("allowPrivilegeEscalation") is False,
            "capabilities": own.get("capabilities") == {"drop": ["ALL"]},
            "root user": both.get("runAsNonRoot") is True and both.get("runAsUser", 1) > 0,
            "seccomp": both.get("seccompProfile", {}).get("type") in ("RuntimeDefault", "Localhost"),
            "host ports": not any("hostPort" in port for port in container.get("ports", [])),
            "root folder": own.get("readOnlyRootFilesystem") is True,
        }
        found += [f"{container['name']}: {rule}" for rule, kept in rules.items() if not kept]
    return found
