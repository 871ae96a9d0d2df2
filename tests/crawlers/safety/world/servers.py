"""The world's servers: the public site (routes declared by the test), listeners that must stay silent, a DNS server."""

import asyncio
import base64
import contextlib
import json
import socket
import ssl
import struct
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TYPES = {1: socket.AF_INET, 28: socket.AF_INET6}


class World:
    """All servers of one job."""

    def __init__(self, job: dict[str, Any], log: TextIO) -> None:
        self.job = job
        self.log = log
        self.lookups: dict[str, int] = {}
        self.in_flight = 0
        self.served: dict[str, int] = {}

    def note(self, **event: Any) -> None:
        self.log.write(json.dumps({"t": time.monotonic(), **event}) + "\n")
        self.log.flush()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        for address in self.job["public"]:
            for port in (80, 8080):
                await asyncio.start_server(self.site, address, port)
            if self.job.get("trust"):
                await asyncio.start_server(self.site, address, 443, ssl=tls())
        for address in self.job["forbidden"]:
            for port in self.job["ports"]:
                with contextlib.suppress(OSError):  # a range the kernel will not bind cannot be connected to either
                    scope = "%lo" if address.startswith("fe80") else ""
                    await asyncio.start_server(self.canary(f"{address}:{port}"), address + scope, port)
        for port in (443, 3478, 19302):
            both = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            both.bind(("::", port))
            await loop.create_datagram_endpoint(lambda p=port: Udp(self, p), sock=both)
        await loop.create_datagram_endpoint(lambda: Dns(self), local_addr=("127.0.0.1", 53))

    def canary(self, name: str) -> Any:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(0.3):
                    said = await reader.read(200)
                    self.note(at="canary", address=name, said=said.decode("latin-1"))
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
            writer.close()

        return accept

    async def site(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            while await self.serve(reader, writer):
                pass
        writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        if length := int(headers.get("content-length", 0)):
            await reader.readexactly(length)
        host = headers.get("host", "").partition(":")[0]
        self.in_flight += 1
        key = f"{host}{path.partition('?')[0]}"
        self.served[key] = self.served.get(key, 0) + 1
        self.note(
            at="site", host=host, path=path, method=method, ua=headers.get("user-agent"), headers=headers,
            in_flight=self.in_flight,
        )  # fmt: skip
        try:
            return await self.answer(self.route(host, path, key), method, writer)
        finally:
            self.in_flight -= 1

    def route(self, host: str, path: str, key: str) -> dict[str, Any]:
        routes = self.job["routes"]
        bare = path.partition("?")[0]
        route = routes.get(f"{host}{path}") or routes.get(key) or routes.get(f"*{bare}") or {"status": 404}
        if "turns" in route:  # a different answer each time, the last one for ever
            turns = route["turns"]
            route = turns[min(self.served[key], len(turns)) - 1]
        return route

    async def answer(self, route: dict[str, Any], method: str, writer: asyncio.StreamWriter) -> bool:
        action = route.get("action")
        if action == "reset":
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if action == "hang":
            await asyncio.sleep(120)
            return False
        await asyncio.sleep(route.get("sleep", 0))
        body = base64.b64decode(route["b64"]) if "b64" in route else route.get("body", "").encode(route.get("charset", "utf-8"))
        body *= route.get("times", 1)
        lines = [f"HTTP/1.1 {route.get('status', 200)} X", f"Content-Length: {len(body)}"]
        given = {"Content-Type": "text/html; charset=utf-8", **route.get("headers", {})}
        lines += [f"{name}: {value}" for name, value in given.items()]
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if method == "HEAD" else body))
        await writer.drain()
        return True


def tls() -> ssl.SSLContext:
    """Return a server context with a certificate nobody but this world trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.test"), x509.DNSName("*.site.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = Path(tempfile.mkdtemp()) / "site.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Udp(asyncio.DatagramProtocol):
    """Hears STUN, TURN and QUIC."""

    def __init__(self, world: World, port: int) -> None:
        self.world, self.port = world, port

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.world.note(at="canary", address=f"udp:{self.port}", said=data[:40].hex())


class Dns(asyncio.DatagramProtocol):
    """Answers with what the job's names say; a list of lists is taken one after the other, the last for ever."""

    def __init__(self, world: World) -> None:
        self.world = world

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        at, labels = 12, []
        while data[at]:
            labels.append(data[at + 1 : at + 1 + data[at]].decode("latin-1").lower())
            at += data[at] + 1
        kind = struct.unpack("!H", data[at + 1 : at + 3])[0]
        name = ".".join(labels)
        found = self.world.job["names"].get(name, self.world.job["names"].get("*." + ".".join(labels[1:])))
        self.world.note(at="dns", name=name, kind=kind)
        if found == "drop":
            return
        if found and isinstance(found[0], list):
            count = self.world.lookups[name] = self.world.lookups.get(name, 0) + (kind == 1)
            found = found[min(max(count, 1), len(found)) - 1]
        family = TYPES.get(kind)
        records = [socket.inet_pton(family, ip) for ip in found or () if family and (":" in ip) == (kind == 28)]
        code = 0x8180 if found is not None else 0x8183
        answer = data[:2] + struct.pack("!HHHHH", code, 1, len(records), 0, 0) + data[12 : at + 5]
        for record in records:
            answer += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(record)) + record
        self.transport.sendto(answer, addr)


async def run() -> None:
    job = json.load(sys.stdin)
    with Path(sys.argv[1]).open("w", encoding="utf-8") as log:
        await World(job, log).start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


asyncio.run(run())
