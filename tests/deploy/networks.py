"""The networks of docker-compose.yml: a bridge for each, in a network namespace that leads nowhere else."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Interface:
    """How a service is attached to one network."""

    network: str
    device: str
    address: str


class Networks:
    """Who is attached where, and at which address."""

    def __init__(self, declared: Mapping[str, Any], members: Mapping[str, Sequence[str]]) -> None:
        """Take the networks as Compose reads them, and the networks of each service by its name."""
        self.declared = declared
        numbers = {network: number for number, network in enumerate(declared)}
        self.interfaces = {
            name: [
                Interface(network, f"eth{place}", f"10.89.{numbers[network]}.{host}") for place, network in enumerate(networks)
            ]
            for host, (name, networks) in enumerate(members.items(), 10)
        }
        self.numbers = numbers
        self.ports: set[str] = set()
        self.switch = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], start_new_session=True)

    def make_bridges(self) -> None:
        """Make the bridges, once the switch has its network."""
        for number in self.numbers.values():
            self._in_switch("link", "add", f"br{number}", "type", "bridge")
            self._in_switch("link", "set", f"br{number}", "up")

    def attach(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        """Give a service's namespace its interfaces."""
        for interface in self.interfaces[name]:
            number = self.numbers[interface.network]
            port = f"v{number}n{interface.address.rpartition('.')[2]}"
            if port in self.ports:  # of an earlier start; the kernel takes it away in its own time
                self._in_switch("link", "delete", port, may_fail=True)
            self.ports.add(port)
            # The same hardware address at every start, as an engine gives: neighbours remember it.
            address = "02:42:" + ":".join(f"{int(part):02x}" for part in interface.address.split("."))
            peer = ("peer", "name", interface.device, "address", address, "netns", str(process.pid))
            self._in_switch("link", "add", port, "type", "veth", *peer)
            self._in_switch("link", "set", port, "master", f"br{number}", "up")
            if not self.lets_across(interface.network):
                self._in_switch("link", "set", "dev", port, "type", "bridge_slave", "isolated", "on")

    def lets_across(self, network: str) -> bool:
        """Whether members of a network may speak to each other."""
        options = (self.declared[network] or {}).get("driver_opts", {})
        return options.get("com.docker.network.bridge.enable_icc") != "false"

    def leads_outside(self, name: str) -> bool:
        """Whether a service is on a network that carries its requests to the world."""
        for interface in self.interfaces[name]:
            how = self.declared[interface.network] or {}
            masquerades = how.get("driver_opts", {}).get("com.docker.network.bridge.enable_ip_masquerade") != "false"
            if not how.get("internal") and masquerades:
                return True
        return False

    def known_to(self, name: str) -> dict[str, str]:
        """Return host name -> address of all that a service shares a network with, itself among them."""
        known: dict[str, str] = {}
        for mine in self.interfaces[name]:
            for other, theirs in self.interfaces.items():
                shared = [each.address for each in theirs if each.network == mine.network]
                if shared and (self.lets_across(mine.network) or other == name):
                    known.setdefault(other, shared[0])
        return known or {name: "127.0.0.1"}

    def _in_switch(self, *command: str, may_fail: bool = False) -> None:
        words = ["nsenter", "-t", str(self.switch.pid), "--net", "ip", *command]
        subprocess.run(words, check=not may_fail, stderr=subprocess.DEVNULL if may_fail else None)


def has_network(process: "subprocess.Popen[bytes]") -> bool:
    """Whether a process has left this machine's network for one of its own."""
    return Path(f"/proc/{process.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
