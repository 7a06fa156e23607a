#!/usr/bin/env python3
"""npm.py DIR TARGET=PROGRAM…: the npm packages, as `npm pack` would make them, in DIR.

`tenon-cli` is what people install; its program is `tenon`. It carries no program: it names one package for each platform as optional, npm takes
the one that fits, and bin/tenon.js runs what that carries. Nothing runs at install.
"""

import json
import pathlib
import sys

import project

HERE = pathlib.Path(__file__).resolve().parent


def manifest(name, more):
    """package.json of the package `name`."""
    common = {
        "name": name,
        "version": project.VERSION,
        "description": project.SUMMARY,
        "license": project.LICENSE,
        "repository": {"type": "git", "url": f"git+{project.REPOSITORY}.git"},
    }
    return (json.dumps(common | more, indent=2) + "\n").encode()


def pack(out, name, files):
    """Writes the package `name` with `files`; its path is printed."""
    path = out / f"{name.removeprefix('@').replace('/', '-')}-{project.VERSION}.tgz"
    project.tar_gz(path, {f"package/{file}": content for file, content in files.items()})
    print(path)


def main(out, pairs):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    platforms = {}
    for pair in pairs:
        target, _, path = pair.partition("=")
        system, cpu = project.TARGETS[project.known(target)]["npm"]
        name = f"@tenon-rs/{system}-{cpu}"
        if name in platforms:
            raise SystemExit(f"error: {name} is made twice")
        platforms[name] = project.VERSION
        file = f"bin/{project.program(target)}"
        files = project.papers(target)
        files["package.json"] = (manifest(name, {"os": [system], "cpu": [cpu], "files": ["bin", "NOTICE.md"]}), False)
        files[file] = (pathlib.Path(path).read_bytes(), True)
        pack(out, name, files)
    # It carries no crate, so it needs no notice of them.
    files = {name: ((project.ROOT / name).read_bytes(), False) for name in project.PAPERS}
    more = {"bin": {"tenon": "bin/tenon.js"}, "engines": {"node": ">=18"}, "optionalDependencies": platforms}
    files["package.json"] = (manifest(project.PACKAGE, more), False)
    files["bin/tenon.js"] = ((HERE / "npm" / "launcher.js").read_bytes(), True)
    pack(out, project.PACKAGE, files)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2:])
