#!/usr/bin/env python3
"""changelog.py VERSION: what CHANGELOG.md says of VERSION (or `Unreleased`); an error if it says nothing."""

import sys

import project


def section(version):
    lines = (project.ROOT / "CHANGELOG.md").read_text().splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("## [")]
    for at, end in zip(starts, [*starts[1:], len(lines)]):
        if lines[at].startswith(f"## [{version}]"):
            text = "\n".join(lines[at + 1 : end]).strip()
            if text:
                return text
    raise SystemExit(f"error: CHANGELOG.md says nothing of {version}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print(section(sys.argv[1]))
