#!/usr/bin/env python3
"""How long `tenon lsp` takes to answer an edit: from the didChange to the diagnostics of that version.

    benches/lsp/measure.py TENON HOST [EDITS]

Edits one character at a time in a source of one integration, then in a file that all integrations share, and prints
the median and the slowest, and what CPU the server took for each (elsewhere the machine may be busy). The host is not
written to. What has to be read first (the whole host) is timed as well.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time


class Client:
    def __init__(self, tenon, host):
        env = dict(os.environ, XDG_CACHE_HOME=os.environ.get("XDG_CACHE_HOME", "/nonexistent"))
        self.process = subprocess.Popen([tenon, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        self.host = pathlib.Path(host).resolve()
        self.id = 0
        root = {"uri": self.host.as_uri(), "name": "host"}
        self.request("initialize", {"capabilities": {}, "workspaceFolders": [root]})
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            name, value = line.split(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(self.process.stdout.read(length))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.id += 1
        self.send({"id": self.id, "method": method, "params": params})
        while True:
            message = self.read()
            if message.get("id") == self.id and "method" not in message:
                return message.get("result")

    def diagnostics(self, uri, version):
        while True:
            message = self.read()
            params = message.get("params", {})
            if params.get("uri") == uri and params.get("version") == version:
                return params["diagnostics"]

    def open(self, path):
        file = self.host / path
        uri = file.as_uri()
        text = file.read_text()
        document = {"uri": uri, "languageId": "text", "version": 0, "text": text}
        begun = time.perf_counter()
        self.notify("textDocument/didOpen", {"textDocument": document})
        self.diagnostics(uri, 0)
        return uri, text, time.perf_counter() - begun

    def edit(self, uri, version, range_, text):
        begun = time.perf_counter()
        change = {"range": range_, "text": text}
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]})
        found = self.diagnostics(uri, version)
        return time.perf_counter() - begun, found

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(10)


def cpu(client):
    """Seconds of CPU that the server has taken so far."""
    with open(f"/proc/{client.process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def typed(client, path, edits):
    """Types a name letter by letter in the first literal, and takes it back again."""
    uri, text, opened = client.open(path)
    lines = text.split("\n")
    line = next((at for at, text in enumerate(lines) if "'" in text or '"' in text), 0)
    column = max(lines[line].rfind("'"), lines[line].rfind('"'), 0)
    times, version, typed = [], 0, 0
    for turn in range(edits):
        version += 1
        start = {"line": line, "character": column + typed}
        if turn % 10 < 5:
            taken, _ = client.edit(uri, version, {"start": start, "end": start}, "x")
            typed += 1
        else:
            before = {"line": line, "character": column + typed - 1}
            taken, _ = client.edit(uri, version, {"start": before, "end": start}, "")
            typed -= 1
        times.append(taken * 1000)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return opened, times


def main():
    tenon, host = sys.argv[1], sys.argv[2]
    edits = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    root = pathlib.Path(host).resolve()
    begun = time.perf_counter()
    client = Client(tenon, host)
    own = sorted(root.glob("packages/integrations/*/src/modules/*/*.service.ts"))
    shared = [root / "packages/configs/integrations/src/models/index.ts", root / "apps/api-harmonization/src/app.module.ts"]
    shared += sorted(root.glob("packages/configs/integrations/src/models/*.ts"))[:1]
    shared += sorted(root.glob("packages/integrations/*/package.json"))[:1]
    first = True
    # The first is taken twice: what is spent on reading the host is none of an edit's.
    for file in [own[len(own) // 2], own[len(own) // 3], *shared]:
        if not file.exists():
            continue
        path = str(file.relative_to(root))
        before = cpu(client)
        opened, times = typed(client, path, edits)
        spent = (cpu(client) - before) * 1000 / edits
        if first:
            print(f"ready after {time.perf_counter() - begun - sum(times) / 1000:.2f} s")
        slow = sorted(times)[int(len(times) * 0.95)]
        print(f"{path}: median {statistics.median(times):.1f} ms, 95 of 100 within {slow:.1f} ms, slowest {max(times):.1f} ms" + ("" if first else f"; CPU {spent:.1f} ms for each"))
        if first:
            first = False
            client.request("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": {"line": 0, "character": 0}})
    with open(f"/proc/{client.process.pid}/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    print("memory:", int(peak.split()[1]) // 1024, "MiB; exit code", client.stop())


if __name__ == "__main__":
    main()
