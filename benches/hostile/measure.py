"""What a check costs where one file of a sound host has very many of something.

    python3 benches/hostile/measure.py TENON time [--size BYTES] [--limit SECONDS] [--only WORD]…
    python3 benches/hostile/measure.py TENON double [--small N] [--only WORD]…

`time` makes each file so many bytes long and prints what takes longer than LIMIT or more than 300 MiB. `double` counts the instructions of a check with N, and
with twice as many, less those of the sound host, and fails where they more than double. Instructions are counted by valgrind: what else the machine does
changes nothing.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hosts
from texts import TEXTS, count_for, hostile

# More than twice as many instructions, with what a table that grows or a sort may add.
MOST = 2.4
# Fewer instructions than this say nothing.
NOISE = 3_000_000
MEMORY = 300 << 10


def environment(work):
    return {"PATH": os.environ["PATH"], "HOME": str(work), "XDG_CACHE_HOME": str(work), "XDG_STATE_HOME": str(work)}


def timed(tenon, host, limit):
    """Seconds of CPU, KiB and the exit code of a check; it is ended after `limit` of them."""
    command = ["sh", "-c", f'ulimit -t {int(limit)}; exec "$0" "$@"', tenon, "check", "--no-cache", "--format", "concise"]
    child = subprocess.Popen(command, cwd=host, env=environment(host.parent), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def counted(tenon, host):
    """The instructions of a check."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", tenon]
    done = subprocess.run(
        [*command, "check", "--no-cache", "--format", "concise"], cwd=host, env=environment(host.parent), capture_output=True, text=True
    )
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{host}: {done.returncode}: {done.stderr[-500:]}")
    return int(re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)[1].replace(",", ""))


def cases(tenon, made, only):
    """Pack, file and kind of everything that is tried."""
    for pack in hosts.MADE_BY:
        host = hosts.make(tenon, pack, made)
        for path in hosts.files(pack, host):
            for kind in TEXTS[path.rsplit(".", 1)[-1]] if path.rsplit(".", 1)[-1] in TEXTS else ():
                name = f"{pack} {path} {kind}"
                if all(word in name for word in only):
                    yield pack, host, path, kind


def placed(work, host, path, kind, n):
    """A copy of the host in which a file has n more of a kind."""
    to = Path(tempfile.mkdtemp(dir=work)) / "host"
    subprocess.run(["cp", "-al", host, to], check=True)
    text = hostile(path.rsplit(".", 1)[-1], kind, n, (host / path).read_text())
    (to / path).unlink()
    (to / path).write_text(text)
    return to


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tenon")
    parser.add_argument("what", choices=["time", "double"])
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--limit", type=float, default=2)
    parser.add_argument("--small", type=int, default=400)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--made")
    given = parser.parse_args()
    given.tenon = str(Path(given.tenon).resolve())
    work = tempfile.mkdtemp()
    made = given.made or os.path.join(work, "made")
    wrong, tried = [], 0
    try:
        if given.what == "time":
            for pack, host, path, kind in cases(given.tenon, made, given.only):
                n = count_for(path.rsplit(".", 1)[-1], kind, given.size)
                at = placed(work, host, path, kind, n)
                seconds, memory, code = timed(given.tenon, at, 10 * given.limit)
                tried += 1
                if seconds > given.limit or memory > MEMORY or code not in (0, 1, 2):
                    said = f"{pack} {path} {kind} {n}: {seconds:.2f} s, {memory >> 10} MiB, exit {code}"
                    print(said, flush=True)
                    wrong.append(said)
                shutil.rmtree(at.parent)
        else:
            if not shutil.which("valgrind"):
                if os.environ.get("CI") == "true":
                    raise SystemExit("valgrind is needed: instructions are counted")
                print("skipped: valgrind is not installed")
                return
            floors = {}

            def one(case):
                pack, host, path, kind = case
                costs = []
                for n in (given.small, 2 * given.small):
                    at = placed(work, host, path, kind, n)
                    costs.append(counted(given.tenon, at) - floors[pack])
                    shutil.rmtree(at.parent)
                return case, costs

            all_cases = list(cases(given.tenon, made, given.only))
            for pack, host, *_ in all_cases:
                if pack not in floors:
                    floors[pack] = counted(given.tenon, host)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                for (pack, _, path, kind), (less, more) in pool.map(one, all_cases):
                    tried += 1
                    if more > NOISE and more > MOST * max(less, NOISE / 4):
                        said = f"{pack} {path} {kind}: {given.small} cost {less:,} instructions, {2 * given.small} cost {more:,}"
                        print(said, flush=True)
                        wrong.append(said)
        print(f"{tried} tried, {len(wrong)} wrong")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(bool(wrong) or tried == 0)


if __name__ == "__main__":
    main()
