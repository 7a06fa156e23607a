#!/usr/bin/env python3
"""costs.py [PROGRAM TIMINGS]: what each dependency costs in the program's room and in building, as a table.

Without arguments it builds first, from nothing, with the profile `profiling` (the code of a release, with symbols and without
optimisation across crates, so all is a little larger). PROGRAM is such a program, TIMINGS what `cargo build --timings` wrote.
A generic function counts for the crate that defines it. Times are those of the compiler, of one unit each, and add up to more than the build takes.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import project

# C code by how its symbols begin; all grammars have the same names, and are told apart by their archive's order only.
C = [(r"^(ts_|tree_sitter_)", "grammars and tree-sitter (C)")]


def symbols(program):
    """The bytes of code and of constants, by crate."""
    out = collections.Counter()
    listed = subprocess.run(["nm", "--print-size", "--size-sort", program], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        parts = line.split(None, 3)
        if len(parts) == 4 and parts[2].lower() in "tr":
            out[crate(parts[3])] += int(parts[1], 16)
    return out


def crate(symbol):
    """The crate that a mangled name belongs to."""
    for pattern, name in C:
        if re.match(pattern, symbol):
            return name
    found = re.match(r"_ZN(\d+)", symbol)
    if found:
        text = symbol[found.end() : found.end() + int(found.group(1))]
        # `<A as B>::c` counts for A, `<&A …>` too; where A is a parameter, for the crate of the trait.
        for name in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"\$[A-Za-z0-9]+\$", " ", text)):
            if name not in ("mut", "dyn", "as", "impl", "_") and len(name) > 1:
                return name
    found = re.match(r"_R.*?Cs[0-9A-Za-z]+_(\d+)", symbol)
    if found:
        return symbol[found.end() :].lstrip("_")[: int(found.group(1))]
    return "(other)"


def times(path):
    """Seconds of compiling, by crate, with its build script."""
    text = pathlib.Path(path).read_text()
    units = json.loads(re.search(r"UNIT_DATA = (\[.*?\]);", text, re.S).group(1))
    out = collections.Counter()
    for unit in units:
        out[unit["name"].replace("-", "_")] += unit["duration"]
    return out


def main(program, timings):
    room, seconds = symbols(program), times(timings)
    std = {"core", "alloc", "std", "compiler_builtins", "hashbrown", "gimli", "addr2line", "rustc_demangle"}
    merged = collections.Counter()
    for name, size in room.items():
        merged["(Rust's library)" if name in std else name] += size
    rows = []
    direct = {name.replace("-", "_") for name in project.DEPENDENCIES}
    for name in set(merged) | set(seconds):
        rows.append((merged[name], seconds[name], name))
    rows.sort(reverse=True)
    print("| crate | named in Cargo.toml | room, KiB | compiling, s |")
    print("|---|---|---:|---:|")
    rest = [0, 0.0]
    for size, time, name in rows:
        if size < 20 * 1024 and time < 3.0:
            rest[0] += size
            rest[1] += time
            continue
        print(f"| {name} | {'yes' if name in direct else ''} | {size / 1024:.0f} | {time:.1f} |")
    print(f"| all others | | {rest[0] / 1024:.0f} | {rest[1]:.1f} |")
    print(f"\nThe program: {pathlib.Path(program).stat().st_size / 1e6:.1f} MB with symbols.", file=sys.stderr)


def built():
    """Builds from nothing; gives the program and the timings."""
    target = pathlib.Path(tempfile.mkdtemp(prefix="tenon-costs-"))
    command = ["cargo", "build", "--profile", "profiling", "--locked", "--timings", "--target-dir", str(target)]
    subprocess.run(command, cwd=project.ROOT, check=True)
    return target / "profiling" / project.NAME, target / "cargo-timings" / "cargo-timing.html"


if __name__ == "__main__":
    if len(sys.argv) not in (1, 3):
        raise SystemExit(__doc__)
    main(*(sys.argv[1:] or built()))
