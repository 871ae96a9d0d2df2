"""Make the bucket and say who may do what in it: ``python -m deploy.stack.bucket_rights WORK RENDER DESK``.

Each argument is the credentials file of a key; the root key is the one the environment names. versitygw names a caller in a
bucket policy by its access key (its ``auth/bucket_policy_principals.go``); another S3 service wants ARNs there, and its operator
sets the same rights.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import s3fs

from deploy.stack.secret_files import access_key

BUCKET = "lurewatch"
READ = ("s3:GetObject",)
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
ERASE = ("s3:DeleteObject",)


def policy(work: str, render: str, desk: str, bucket: str = BUCKET) -> dict[str, Any]:
    """Return the bucket's policy for three access keys.

    Workers do all there is with objects; the browser's worker writes and reads runs and erases nothing; the desk reads, and may
    write only what `lurewatch doctor` tries writing with.
    """

    def allow(key: str, actions: Sequence[str], path: str) -> dict[str, Any]:
        resource = f"arn:aws:s3:::{bucket}{path}"
        return {"Effect": "Allow", "Principal": {"AWS": [key]}, "Action": list(actions), "Resource": [resource]}

    return {
        "Version": "2012-10-17",
        "Statement": [
            *(allow(key, ("s3:ListBucket", "s3:GetBucketLocation"), "") for key in (work, render, desk)),
            allow(work, READ + WRITE + ERASE, "/*"),
            allow(render, READ + WRITE, "/runs/*"),
            allow(desk, READ, "/*"),
            allow(desk, ("s3:PutObject", *ERASE), "/runs/.doctor-*"),
        ],
    }


def give_rights(fs: s3fs.S3FileSystem, rights: dict[str, Any]) -> None:
    """Make the bucket where it is not there and put its policy in force. Raises OSError."""
    if not fs.exists(BUCKET):
        fs.mkdir(BUCKET)
    fs.call_s3("put_bucket_policy", Bucket=BUCKET, Policy=json.dumps(rights))


def main(*files: str) -> None:
    """Put the rights in force; end with one line that names the fault when that cannot be done."""
    keys = []
    for file in files:
        try:
            keys.append(access_key(Path(file).read_text(encoding="utf-8"))[0])
        except (OSError, ValueError) as exc:
            sys.exit(f"no rights are given: {file}: {exc}; delete the file and run `make secrets`")
    try:
        give_rights(s3fs.S3FileSystem(), policy(*keys))
    except OSError as exc:
        sys.exit(f"no rights are given: {exc}; is the object store up, and AWS_SHARED_CREDENTIALS_FILE its root key?")
    click.echo(f"the rights of bucket {BUCKET} are in force")


if __name__ == "__main__":
    main(*sys.argv[1:])
