"""What a check costs where a host has very many of something.

    python3 benches/hostile/measure.py TENON time [--size BYTES] [--limit SECONDS] [--only WORD]…
    python3 benches/hostile/measure.py TENON double [--small N] [--only WORD]…
    python3 benches/hostile/measure.py TENON broken [--count N] [--only WORD]…

`time` makes each file so many bytes long, else as long as it may be, and prints what takes longer than LIMIT or more than 300 MiB. `double` counts the instructions of a check with half of N,
with N and with twice as many. Where the second step costs more than twice what the first one does, the file is made as long as it may be: a parser may look ahead again and
again up to a limit, and it fails if that takes longer than LIMIT. `broken` fails where N members that are all broken in one way cost more
than three times what N sound ones do. Instructions are counted by valgrind, and times are those of the processor: what else the machine does changes little.
"""

import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hosts
from texts import TEXTS, count_for, hostile, largest, notation

# More than twice as many instructions, with what a table that grows or a sort may add.
MOST = 2.4
# Fewer instructions than this say nothing.
NOISE = 3_000_000
MEMORY = 300 << 10
# How much more than sound members broken ones may cost.
BROKEN = 3
# How many are few: members, each of which has some twenty files, and parts of a pack, of which there may be 200 kinds and 500 options.
MEMBERS = 100
PARTS = {"kinds": 100}
MANY_PARTS = 200


def environment(work):
    return {"PATH": os.environ["PATH"], "HOME": str(work), "XDG_CACHE_HOME": str(work), "XDG_STATE_HOME": str(work)}


def timed(tenon, host, limit):
    """Seconds of CPU, KiB and the exit code of a check; it is ended after `limit` of them."""
    command = ["sh", "-c", f'ulimit -t {int(limit)}; exec "$0" "$@"', tenon, "check", "--no-cache", "--format", "concise"]
    child = subprocess.Popen(command, cwd=host, env=environment(host.parent), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


PROCESSORS = itertools.cycle(sorted(os.sched_getaffinity(0)))


def counted(tenon, host):
    """The instructions of a check on one processor: what several threads do varies from run to run."""
    one = {next(PROCESSORS)}
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", tenon]
    done = subprocess.run(
        [*command, "check", "--no-cache", "--format", "concise"],
        cwd=host,
        env=environment(host.parent),
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, one),
    )
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{host}: {done.returncode}: {done.stderr[-500:]}")
    return int(re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)[1].replace(",", ""))


class Case:
    """Something that a host may have very many of: its name, what makes a directory a host with so many, and how many are few. Cases of one `group`
    are compared with the sound one."""

    def __init__(self, name, group, put, few=None):
        self.name, self.group, self.put, self.few = name, group, put, few

    def placed(self, work, n):
        to = Path(tempfile.mkdtemp(dir=work)) / "host"
        self.put(n, to)
        return to


def file_cases(tenon, made):
    for pack in hosts.MADE_BY:
        host = hosts.make(tenon, pack, made)
        for path in hosts.files(pack, host):
            for kind in TEXTS.get(notation(path), ()):

                def put(n, to, host=host, path=path, kind=kind):
                    subprocess.run(["cp", "-al", host, to], check=True)
                    text = hostile(path, kind, n, (host / path).read_text())
                    (to / path).unlink()
                    (to / path).write_text(text)

                case = Case(f"{pack} {path} {kind}", pack, put)
                case.path, case.kind = path, kind
                yield case


def member_cases(tenon, made):
    """Many members, sound, and broken in each way: as many findings."""
    for pack, ways in hosts.WRONG.items():
        host = hosts.make(tenon, pack, made)
        for wrong in ("none", *ways):
            put = lambda n, to, of=(pack, host), wrong=wrong: hosts.many(*of, n, wrong, to)
            yield Case(f"{pack} members {wrong}", f"{pack} members", put, MEMBERS)


def pack_cases(*_):
    """Many parts of a pack."""
    for part in hosts.PARTS:
        few = PARTS.get(part, MANY_PARTS)
        yield Case(f"pack {part}", part, lambda n, to, part=part, few=few: hosts.with_many(part, n, 2 * few, to), few)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tenon")
    parser.add_argument("what", choices=["time", "double", "broken"])
    parser.add_argument("--size", type=int)
    parser.add_argument("--limit", type=float, default=2)
    parser.add_argument("--small", type=int, default=400)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--made")
    given = parser.parse_args()
    given.tenon = str(Path(given.tenon).resolve())
    work = tempfile.mkdtemp()
    made = given.made or os.path.join(work, "made")
    wrong, tried = [], 0

    def is_meant(case):
        return all(word in case.name for word in given.only)

    def say(text):
        print(text, flush=True)
        wrong.append(text)

    def at_most(case):
        """What is wrong with a file that is as long as it may be; nothing if it keeps to the limits."""
        at = case.placed(work, count_for(case.path, case.kind, given.size or largest(case.path)))
        seconds, memory, code = timed(given.tenon, at, 4 * given.limit)
        shutil.rmtree(at.parent)
        is_wrong = seconds > given.limit or memory > MEMORY or code not in (0, 1, 2)
        return f"{seconds:.2f} s, {memory >> 10} MiB, exit {code}" if is_wrong else ""

    try:
        if given.what == "time":
            for case in filter(is_meant, file_cases(given.tenon, made)):
                found = at_most(case)
                tried += 1
                if found:
                    say(f"{case.name}: {found}")
        elif given.what == "broken":
            sound = {}
            cases = list(member_cases(given.tenon, made))
            groups = {case.group for case in cases if is_meant(case)}
            for case in cases:
                # With sound ones they are compared in any case.
                if case.group not in groups or not (is_meant(case) or case.name.endswith("none")):
                    continue
                at = case.placed(work, given.count)
                seconds, memory, code = min(timed(given.tenon, at, 600) for _ in range(3 if given.count < 5000 else 1))
                shutil.rmtree(at.parent)
                tried += 1
                times = seconds / sound.setdefault(case.group, seconds)
                print(f"{case.name}: {given.count} cost {seconds:.2f} s, {memory >> 10} MiB, {times:.2f} times what sound ones do", flush=True)
                if code != (not case.name.endswith("none")):
                    say(f"{case.name}: exit {code}")
                if times > BROKEN:
                    say(f"{case.name}: more than {BROKEN} times")
        else:
            if not shutil.which("valgrind"):
                if os.environ.get("CI") == "true":
                    raise SystemExit("valgrind is needed: instructions are counted")
                print("skipped: valgrind is not installed")
                return

            def cost(case, n):
                at = case.placed(work, n)
                instructions = counted(given.tenon, at)
                shutil.rmtree(at.parent)
                return instructions

            def one(case):
                few = case.few or given.small
                less, usual, more = (cost(case, n) for n in (few // 2, few, 2 * few))
                return case, few, usual - less, more - usual

            cases = [case for of in (member_cases, pack_cases, file_cases) for case in of(given.tenon, made) if is_meant(case)]
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                for case, few, less, more in pool.map(one, cases):
                    tried += 1
                    if more <= NOISE or more <= MOST * max(less, NOISE / 4):
                        continue
                    found = f"{case.name}: from {few // 2} to {few} {less:,} instructions, from there to {2 * few} {more:,}"
                    whole = at_most(case) if hasattr(case, "path") else "there is no limit"
                    if whole:
                        say(f"{found}; {whole}")
                    else:
                        print(f"{found}, and within the limits as a whole", flush=True)
        print(f"{tried} tried, {len(wrong)} wrong")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(bool(wrong) or tried == 0)


if __name__ == "__main__":
    main()
