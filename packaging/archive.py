#!/usr/bin/env python3
"""archive.py PROGRAM TARGET DIR: the archive of a release, DIR/tenon-VERSION-TARGET.tar.gz (Windows: .zip), and its digest.

It is what install.sh, action.yml, Homebrew and cargo-binstall take: the program and its papers, with no folder above them.
"""

import pathlib
import sys

import project


def main(program, target, out):
    project.known(target)
    files = project.papers(target)
    files[project.program(target)] = (pathlib.Path(program).read_bytes(), True)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    stem = f"{project.NAME}-{project.VERSION}-{target}"
    if "windows" in target:
        path = out / f"{stem}.zip"
        project.zipped(path, files)
    else:
        path = out / f"{stem}.tar.gz"
        project.tar_gz(path, files)
    project.checksum(path)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
