"""A stand-in for object storage on this machine, and a way to put things into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-west-2"
SECRET = "not-a-real-secret-key"


@dataclass(frozen=True)
class Storage:
    """A running stand-in with one bucket."""

    client: Any
    bucket: str

    def put(self, key: str, content: bytes = b"x") -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def put_all(self, folder: str, contents: dict[str, bytes]) -> None:
        for name, content in contents.items():
            self.put(f"{folder}/{name}", content)

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)


@contextmanager
def object_storage() -> Iterator[Storage]:
    """Run a stand-in for S3; the environment names it, as an operator's environment names the real one."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    ours = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        client = boto3.client("s3", endpoint_url=ours["AWS_ENDPOINT_URL"], region_name=REGION)
        # All stand-ins of one process share their buckets.
        bucket = f"incoming-{uuid4().hex}"
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield Storage(client, bucket)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        server.stop()
