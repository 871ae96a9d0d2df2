#!/usr/bin/env python3
"""Does what images.yml says the image of Grafana does, but for its pages: it is well once each data source has answered."""

import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ruamel.yaml import YAML

PROVISIONING = Path(os.environ["GF_PATHS_PROVISIONING"])


class Health(BaseHTTPRequestHandler):
    """Asks everything anew for each answer."""

    def do_GET(self) -> None:
        """Answer 200 when password, dashboards and data sources are there, else end the answer with the traceback in the log."""
        (provider,) = YAML(typ="safe").load(PROVISIONING / "dashboards" / "lurewatch.yml")["providers"]
        for dashboard in Path(provider["options"]["path"]).glob("*.json"):
            json.loads(dashboard.read_text())["panels"][0]
        for source in YAML(typ="safe").load(PROVISIONING / "datasources" / "watch.yml")["datasources"]:
            urllib.request.urlopen(f"{source['url']}/-/ready", timeout=3).close()
        assert Path(os.environ["GF_SECURITY_ADMIN_PASSWORD__FILE"]).read_text()
        Path("/var/lib/grafana/probe").touch()
        self.send_response(200)
        self.end_headers()


ThreadingHTTPServer(("0.0.0.0", 3000), Health).serve_forever()
