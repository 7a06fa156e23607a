#!/usr/bin/env python3
"""costs.py [PROGRAM CPU]: what each dependency costs in the program's room and in building, as a table.

Without arguments it builds first, from nothing, with the profile `profiling` (the code of a release, with symbols and without
optimisation across crates, so all is a little larger). PROGRAM is such a program, CPU what was written when it was built.
A generic function counts for the crate that defines it. Building is the CPU time of the compilers, so it does not depend on what else
the machine does; C code counts for the crate whose build script compiles it.
"""

import collections
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import project

# C code by how its symbols begin, and the crates that bring it; all grammars have the same names.
C = (r"^(ts_|tree_sitter)", "grammars and tree-sitter")


def symbols(program):
    """The bytes of code and of constants, by crate."""
    out = collections.Counter()
    listed = subprocess.run(["nm", "--print-size", "--size-sort", program], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        parts = line.split(None, 3)
        if len(parts) == 4 and parts[2].lower() in "tr":
            out[group(crate(parts[3]))] += int(parts[1], 16)
    return out


def crate(symbol):
    """The crate that a mangled name belongs to."""
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
    return symbol if re.match(C[0], symbol) else "(other)"


def group(name):
    """What a crate is counted for."""
    return C[1] if re.match(C[0], name) else name


def times(path):
    """Seconds of CPU by crate: those of the Rust compiler, and those of the C compiler."""
    rust, c = collections.Counter(), collections.Counter()
    for line in pathlib.Path(path).read_text().splitlines():
        tool, name, seconds = line.split()
        (c if tool == "c" else rust)[group(name.replace("-", "_"))] += float(seconds)
    return rust, c


def main(program, cpu):
    room, (rust, c) = symbols(program), times(cpu)
    std = {"core", "alloc", "std", "compiler_builtins", "gimli", "addr2line", "rustc_demangle"}
    merged = collections.Counter()
    for name, size in room.items():
        merged["(Rust's library)" if name in std else name] += size
    direct = {group(name.replace("-", "_")) for name in project.DEPENDENCIES}
    rows = sorted(((merged[name], rust[name], c[name], name) for name in {*merged, *rust, *c}), reverse=True)
    print("| crate | named in Cargo.toml | room, KiB | Rust, s | C, s |")
    print("|---|---|---:|---:|---:|")
    rest = [0, 0.0, 0.0]
    for *costs, name in rows:
        size, rust_time, c_time = costs
        if size < 32 * 1024 and rust_time + c_time < 4.0:
            rest = [sum(pair) for pair in zip(rest, costs)]
            continue
        print(f"| {name} | {'yes' if name in direct else ''} | {size / 1024:.0f} | {rust_time:.1f} | {c_time:.1f} |")
    print(f"| all others | | {rest[0] / 1024:.0f} | {rest[1]:.1f} | {rest[2]:.1f} |")
    print(f"| together | | {sum(merged.values()) / 1024:.0f} | {rust.total():.1f} | {c.total():.1f} |")
    print(f"\nThe program: {pathlib.Path(program).stat().st_size / 1e6:.1f} MB with symbols.", file=sys.stderr)


def built():
    """Builds from nothing; gives the program, and the file with the CPU time of each compiler that ran."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", project.ROOT / "target")).resolve() / "costs"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    cpu = target / "cpu"
    cpu.touch()
    # The compilers that the build starts go through this program.
    for tool, command in ("rust", ""), ("c", shlex.quote(os.environ.get("CC", "cc"))):
        wrapper = target / f"timed-{tool}"
        words = [sys.executable, str(pathlib.Path(__file__).resolve()), "--timed", tool, str(cpu)]
        wrapper.write_text(f"#!/bin/sh\nexec {shlex.join(words)} {command} \"$@\"\n")
        wrapper.chmod(0o755)
    command = ["cargo", "build", "--profile", "profiling", "--locked", "--target-dir", str(target)]
    compilers = {"RUSTC_WRAPPER": str(target / "timed-rust"), "CC": str(target / "timed-c")}
    subprocess.run(command, cwd=project.ROOT, check=True, env={**os.environ, **compilers})
    return target / "profiling" / project.NAME, cpu


def timed(tool, cpu, *command):
    """Runs a compiler and notes its CPU time, and that of what it starts, for the crate that cargo runs it for."""
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    with open(cpu, "a") as file:
        file.write(f"{tool} {os.environ.get('CARGO_PKG_NAME', '-')} {used.ru_utime + used.ru_stime:.3f}\n")
    raise SystemExit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--timed"]:
        timed(*sys.argv[2:])
    if len(sys.argv) not in (1, 3):
        raise SystemExit(__doc__)
    main(*(sys.argv[1:] or built()))
