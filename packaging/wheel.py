#!/usr/bin/env python3
"""wheel.py PROGRAM TARGET DIR: the wheel that carries the program as a script, in DIR. It holds no Python."""

import base64
import hashlib
import pathlib
import sys

import project


def main(program, target, out):
    tag = f"py3-none-{project.TARGETS[project.known(target)]['wheel']}"
    stem = f"{project.PACKAGE.replace('-', '_')}-{project.VERSION}"
    info = f"{stem}.dist-info"
    papers = project.papers(target)
    files = {f"{stem}.data/scripts/{project.program(target)}": (pathlib.Path(program).read_bytes(), True)}
    for name in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE.md"]:
        files[f"{info}/licenses/{name}"] = papers[name]
    metadata = [
        "Metadata-Version: 2.4",
        f"Name: {project.PACKAGE}",
        f"Version: {project.VERSION}",
        f"Summary: {project.SUMMARY}",
        f"Project-URL: Source, {project.REPOSITORY}",
        f"License-Expression: {project.LICENSE}",
        "License-File: LICENSE-APACHE",
        "License-File: LICENSE-MIT",
        "License-File: NOTICE.md",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
        "",
        papers["README.md"][0].decode(),
    ]
    files[f"{info}/METADATA"] = ("\n".join(metadata).encode(), False)
    # A tag with several platforms is written once for each.
    python, abi, platforms = tag.split("-")
    tags = [f"Tag: {python}-{abi}-{platform}" for platform in platforms.split(".")]
    wheel = ["Wheel-Version: 1.0", "Generator: packaging/wheel.py", "Root-Is-Purelib: false", *tags, ""]
    files[f"{info}/WHEEL"] = ("\n".join(wheel).encode(), False)
    record = []
    for name, (content, _) in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(content)}\n")
    record.append(f"{info}/RECORD,,\n")
    files[f"{info}/RECORD"] = ("".join(record).encode(), False)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{stem}-{tag}.whl"
    project.zipped(path, files)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
