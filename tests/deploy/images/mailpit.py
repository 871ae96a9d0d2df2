#!/usr/bin/env python3
"""Does what images.yml says the image of Mailpit does, but for its web page: messages are files in /tmp/mail."""

import asyncio
import sys
import urllib.request
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


async def serve() -> None:
    """Take mail on 1025 and answer whether it is ready on 8025."""
    loop = asyncio.get_running_loop()
    box = Mailbox(Path("/tmp/mail"))
    await loop.create_server(lambda: SMTP(box), "0.0.0.0", 1025)
    ready = b"HTTP/1.0 200 OK\r\n\r\n"

    def answer_ready(_: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        answer.write(ready)
        answer.close()

    web = await asyncio.start_server(answer_ready, "0.0.0.0", 8025)
    await web.serve_forever()


if sys.argv[1:] == ["readyz"]:
    urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=3).close()
else:
    asyncio.run(serve())
