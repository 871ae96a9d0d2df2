"""Each key of the object store may do what its service needs, and the store itself refuses the rest."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
import s3fs

from deploy.stack.bucket_rights import give_rights, policy
from deploy.stack.secret_files import OBJECT_USERS, access_key, write_secrets
from tests.deploy.go_programs import VERSITYGW, go_program
from tests.services.processes import end, free_port, wait_for


@pytest.fixture(scope="module")
def stores(
    service_folder: Callable[[str], Path], missing_service: Callable[[str], None]
) -> Iterator[dict[str, fsspec.AbstractFileSystem]]:
    """Return the store as seen with each key; its server is that of docker-compose.yml, with the files of `make secrets`."""
    try:
        program = go_program(VERSITYGW)
    except OSError as exc:
        missing_service(str(exc))
    folder, port = service_folder("objects"), free_port()
    write_secrets(folder / "secrets")
    keys = {name: access_key((folder / "secrets" / name).read_text()) for name in ("s3_credentials", *OBJECT_USERS)}
    for name in ("iam", "objects"):
        (folder / name).mkdir()
    (folder / "iam" / "users.json").write_bytes((folder / "secrets" / "s3_users").read_bytes())
    root = dict(zip(("ROOT_ACCESS_KEY", "ROOT_SECRET_KEY"), keys["s3_credentials"], strict=True))
    words = [
        "--port", f"127.0.0.1:{port}", "--iam-dir", str(folder / "iam"), "--health", "/health", "posix", str(folder / "objects"),
    ]  # fmt: skip
    process = subprocess.Popen([program, *words], env=os.environ | root, stdout=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    seen = {
        name: s3fs.S3FileSystem(key=key, secret=secret, endpoint_url=url, skip_instance_cache=True, use_listings_cache=False)
        for name, (key, secret) in keys.items()
    }
    wait_for(lambda: fsspec.filesystem("http").exists(f"{url}/health"), "versitygw", process)
    give_rights(seen["s3_credentials"], policy(*(keys[name][0] for name in OBJECT_USERS)))
    give_rights(seen["s3_credentials"], policy(*(keys[name][0] for name in OBJECT_USERS)))  # as at every start
    yield seen
    end(process)


def may(fs: fsspec.AbstractFileSystem, path: str) -> str:
    """Return which of read, write, erase a key may do with a new object that root makes."""
    done = ""
    for letter, action in (
        ("w", lambda: fs.pipe_file(path, b"x")), ("r", lambda: fs.cat_file(path)), ("e", lambda: fs.rm_file(path)),
    ):  # fmt: skip
        try:
            action()
            done += letter
        except PermissionError:
            continue
    return done


@pytest.mark.parametrize(
    ("name", "path", "rights"),
    [
        ("s3_work", "lurewatch/runs/board/1/report.json", "wre"), ("s3_work", "lurewatch/assessed/board/1.zst", "wre"),
        ("s3_render", "lurewatch/runs/board/2/report.json", "wr"), ("s3_render", "lurewatch/assessed/board/2.zst", ""),
        ("s3_desk", "lurewatch/runs/board/3/report.json", "r"), ("s3_desk", "lurewatch/runs/.doctor-1", "wre"),
    ],
)  # fmt: skip
def test_a_key_may_do_what_its_service_needs(
    name: str, path: str, rights: str, stores: dict[str, fsspec.AbstractFileSystem]
) -> None:
    """Asked of the store itself; a bucket of its own no key may make."""
    stores["s3_credentials"].pipe_file(path, b"kept")
    assert may(stores[name], path) == rights
    assert stores[name].exists("lurewatch")
    with pytest.raises(PermissionError):
        stores[name].mkdir(f"other-{name.replace('_', '-')}")
