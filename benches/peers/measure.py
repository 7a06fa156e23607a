#!/usr/bin/env python3
"""Times whole processes, interleaved, and prints a Markdown table.

usage: measure.py ROUNDS DIR...

Each DIR describes one row: `name` (its title), `cwd` (where it runs), `run` and, if something must be put back before
each run, `fresh` (commands, one argument a line). One round runs every row once; a first round is not counted. Only
`run` is timed. CPU is that of the process and of all its descendants that it waited for; memory is that of the largest
of them, and cannot be told apart from this driver's own if it is smaller (then the table says so with a `≤`).
"""

import os
import sys
import time


def lines(directory, file):
    try:
        with open(os.path.join(directory, file), encoding="utf-8") as text:
            return text.read().splitlines()
    except FileNotFoundError:
        return []


def spawn(argv, log):
    """Wall time in ms, CPU time in ms, peak memory in MiB."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    begun = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begun
    if status != 0:
        with open(log, encoding="utf-8", errors="replace") as text:
            sys.exit(f"{' '.join(argv)}: status {status}\n{text.read()}")
    return wall * 1000, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024


def median(values):
    ordered = sorted(values)
    return (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2


def main():
    rounds, directories = int(sys.argv[1]), [os.path.abspath(path) for path in sys.argv[2:]]
    rows = [
        {"log": os.path.join(path, "log"), "took": [], **{key: lines(path, key) for key in ("name", "cwd", "run", "fresh")}}
        for path in directories
    ]
    for counted in range(rounds + 1):
        for row in rows:
            if row["fresh"]:
                os.chdir("/")
                spawn(row["fresh"], row["log"])
            os.chdir(row["cwd"][0])
            took = spawn(row["run"], row["log"])
            if counted:
                row["took"].append(took)
    own = spawn(["true"], os.devnull)[2]
    print("| what | wall min | median | max | CPU median | memory max |")
    print("|---|---:|---:|---:|---:|---:|")
    for row in rows:
        wall, cpu, memory = zip(*row["took"])
        times = " | ".join(f"{value:.1f} ms" for value in (min(wall), median(wall), max(wall), median(cpu)))
        below = "≤ " if max(memory) <= own + 0.2 else ""
        print(f"| {row['name'][0]} | {times} | {below}{max(memory):.1f} MiB |")


main()
