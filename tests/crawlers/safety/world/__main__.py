"""A hostile internet in a network namespace: one public site address, listeners on every forbidden one, a DNS server that lies.

Run under ``unshare --net --mount``; reads a job as JSON from standard input, crawls it with the real settings, and prints what
came of each request, what the server saw, and every connection that reached a forbidden address.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PUBLIC = ("93.184.216.34", "2606:2800:220:1::34")
FORBIDDEN = (
    "127.0.0.1", "127.9.9.9", "0.0.0.9", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "::1", "fd00::1", "fe80::1",
    "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:db8::1", "2001::1", "100::1", "3fff::1", "4000::1",
)  # fmt: skip
PORTS = (80, 443, 3478, 8080)


def main() -> None:
    job = json.load(sys.stdin)
    build_addresses()
    resolv = Path(tempfile.mkdtemp()) / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", encoding="ascii")
    subprocess.run(["mount", "--bind", str(resolv), "/etc/resolv.conf"], check=True)
    log = resolv.with_name("world.jsonl")
    servers = subprocess.Popen(
        [sys.executable, str(HERE / "servers.py"), str(log)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert servers.stdin and servers.stdout
    servers.stdin.write(json.dumps({**job, "public": PUBLIC, "forbidden": FORBIDDEN, "ports": PORTS}).encode())
    servers.stdin.close()
    assert servers.stdout.readline().strip() == b"ready"
    try:
        crawl = subprocess.run(
            [sys.executable, str(HERE / "crawl.py")], input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=False,
            timeout=job.get("seconds", 1500),
        )  # fmt: skip
    finally:
        servers.terminate()
        servers.wait()
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    out = [json.loads(line) for line in crawl.stdout.decode().splitlines() if line.startswith("{")]
    answer = {
        "results": {str(line["i"]): line for line in out if "i" in line},
        "stats": next((line["stats"] for line in out if "stats" in line), {}),
        "server": [event for event in events if event["at"] == "site"],
        "hits": [event for event in events if event["at"] == "canary"],
        "exit": crawl.returncode,
    }
    json.dump(answer, sys.stdout)


def build_addresses() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # WebRTC asks the network only where there is more than loopback.
    subprocess.run(["ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"], check=False, stderr=subprocess.DEVNULL)
    for command in ("link set v1 up", "link set v0 up", "addr add 10.77.0.2/24 dev v0"):
        subprocess.run(["ip", *command.split()], check=False, stderr=subprocess.DEVNULL)
    for address in (*PUBLIC, *FORBIDDEN):
        if address in {"127.0.0.1", "::1", "0.0.0.9"}:
            continue
        wide = [] if ":" not in address else ["nodad"]
        bits = "128" if ":" in address else "32"
        subprocess.run(["ip", "addr", "add", f"{address}/{bits}", "dev", "lo", *wide], check=False, stderr=subprocess.DEVNULL)
    # Whatever has no listener of its own ends on lo as well, and nothing can leave: the namespace has no other device.
    subprocess.run(["ip", "route", "add", "default", "dev", "lo"], check=False, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
