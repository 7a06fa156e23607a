#!/usr/bin/env python3
"""notice.py TARGET: the notice of what is built into the program for TARGET: each crate with its licence and the texts that it ships.

It reads `cargo metadata` and the sources that cargo has fetched; what only tests or builds use is left out. A crate
without a licence, or a licence that deny.toml does not allow, is an error of `cargo deny`, not of this script.
"""

import collections
import functools
import hashlib
import json
import pathlib
import subprocess
import sys

import project


def metadata(target):
    """What cargo says of the dependencies on `target`."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=project.ROOT, check=True, stdout=subprocess.PIPE).stdout)


@functools.cache
def built_in(target):
    """The packages that are linked into the program for `target`, without itself, by name and version."""
    data = metadata(target)
    packages = {package["id"]: package for package in data["packages"]}
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    seen, todo = set(), [root]
    while todo:
        here = todo.pop()
        for dependency in nodes[here]["deps"]:
            normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            runs = any("proc-macro" in made["kind"] for made in packages[dependency["pkg"]]["targets"])
            if normal and not runs and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                todo.append(dependency["pkg"])
    # The workspace's own crates have no source.
    return sorted((packages[at] for at in seen if packages[at]["source"]), key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The licence texts that the crate ships, by file name."""
    folder = pathlib.Path(package["manifest_path"]).parent
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")):
            found[path.name] = path.read_text(errors="replace").replace("\r\n", "\n").strip() + "\n"
    return found


@functools.cache
def text(target):
    """The notice."""
    lines = [
        f"# What {project.NAME} {project.VERSION} is built with",
        "",
        f"{project.NAME} is licensed under {project.LICENSE}. Built into the program are these crates, each under the licence named.",
        "",
        "| crate | version | licence | source |",
        "|---|---|---|---|",
    ]
    by_text = collections.OrderedDict()
    for package in built_in(target):
        name, version = package["name"], package["version"]
        source = package.get("repository") or f"https://crates.io/crates/{name}"
        lines.append(f"| {name} | {version} | {package.get('license') or 'see below'} | {source} |")
        for text in texts(package).values():
            key = hashlib.sha256(" ".join(text.split()).encode()).digest()
            by_text.setdefault(key, (text, []))[1].append(f"{name} {version}")
    lines.append("")
    for text, crates in by_text.values():
        fence = "````"
        lines += [f"## {', '.join(sorted(set(crates)))}", "", f"{fence}text", text.rstrip(), fence, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print(text(project.known(sys.argv[1])), end="")
