#!/usr/bin/env python3
"""registry.py DIR COMMAND…: runs COMMAND while the packages in DIR are served on this machine, for tests.

npm finds its registry in $npm_config_registry, pip and pipx their index in $PIP_INDEX_URL, uv in $UV_DEFAULT_INDEX. There is nothing
in them but the packages of DIR, so whatever else an installation asks for is not found.
"""

import base64
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import threading
import urllib.parse


def packuments(folder, base):
    """What a registry of npm says of the packages, by name."""
    out = {}
    for path in sorted(folder.glob("*.tgz")):
        with tarfile.open(path) as tar:
            manifest = json.load(tar.extractfile("package/package.json"))
        content = path.read_bytes()
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
        manifest["dist"] = {"tarball": f"{base}/files/{path.name}", "integrity": integrity}
        version = manifest["version"]
        out[manifest["name"]] = {
            "name": manifest["name"],
            "dist-tags": {"latest": version},
            "versions": {version: manifest},
        }
    return out


def serve(folder):
    """Starts the server; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/")
            base = f"http://{self.headers['Host']}"
            kind, body = "application/json", None
            if path.startswith("files/"):
                file = folder / pathlib.PurePosixPath(path).name
                kind, body = "application/octet-stream", file.read_bytes() if file.is_file() else None
            elif path.startswith("simple/"):
                name = path.removeprefix("simple/").replace("-", "_")
                wheels = [one.name for one in sorted(folder.glob("*.whl")) if one.name.startswith(f"{name}-")]
                links = "".join(f'<a href="{base}/files/{wheel}">{wheel}</a>\n' for wheel in wheels)
                kind, body = "text/html", links.encode() if wheels else None
            elif path in (known := packuments(folder, base)):
                body = json.dumps(known[path]).encode()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            try:
                if self.command == "HEAD":
                    return
                self.wfile.write(body or b"")
            except BrokenPipeError:
                # Who knows the file already asks for it and does not wait.
                pass

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    url = serve(pathlib.Path(sys.argv[1]).resolve())
    simple = f"{url}/simple/"
    more = {"npm_config_registry": url, "PIP_INDEX_URL": simple, "UV_DEFAULT_INDEX": simple}
    raise SystemExit(subprocess.run(sys.argv[2:], env=os.environ | more).returncode)
