#!/usr/bin/env python3
"""How many breaks of the tables in tests/breaks a learnt pack finds.

Usage: breaks.py TENON [PACK...]

For each built-in pack: makes a host of it with the members that the breaks are about and some more, takes the pack away, learns
one from the members, kind by kind, and applies every break to a copy. A break is found if `check` then has a finding that it had not before.
`--list` names those that are not found.
"""
import json, os, shutil, subprocess, sys, tempfile, tomllib
from collections import Counter
from pathlib import Path

BREAKS = Path(__file__).resolve().parents[2] / "tests/breaks"
MORE = ["basil", "mango", "quartz", "zephyr"]
MODULES = "tickets,cms,users,orders,cache,auth"
FIELDS = "endpoint_url:URLField,token:CharField"
SHORT = {
    "@acme": "packages/integrations/acme",
    "@nova": "packages/integrations/nova",
    "@models": "packages/configs/integrations/src/models",
    "@configs": "packages/configs/integrations",
    "@app": "apps/api-harmonization/src",
}
# By pack: how its host is made, where its members are by kind, the commands that make what the breaks are about, those that make more,
# and what of the breaks is about this host.
HOSTS = {
    "cargo": dict(
        host=["host", "platform"],
        where={"integration": "integrations", "service": "services"},
        made=[
            "new service broker",
            "new-integration acme",
            "new-integration nova --services broker",
            "new consumer orders --in acme",
        ],
        more=["new-integration {}", "new service {}queue"],
        on="fresh",
    ),
    "djblets": dict(
        host=["host", "shop"],
        where={"integration": "shop/integrations"},
        made=[
            "new support integrations --fields user:ForeignKey",
            f"new-integration acme --fields {FIELDS}",
            "new-integration data-dog --fields interval:IntegerField,verbose:BooleanField",
            "new-integration plain",
        ],
        more=[f"new-integration {{}} --fields {FIELDS}"],
        on="project",
    ),
    "integration-controller": dict(
        host=["host", "shop"],
        where={"integration": "pkg"},
        made=[
            "new service keycloak",
            "new-integration acme",
            "new-integration nova --service keycloak",
            "new consumer http --in acme",
            "new integrator http --in acme",
        ],
        more=["new-integration {}"],
        on=None,
    ),
    "o2s": dict(
        host=["host", "shop"],
        where={"integration": "packages/integrations", "module": "packages/configs/integrations/src/models"},
        made=[
            f"new-integration acme --modules {MODULES} --inject cms:cache,tickets:users --activate tickets,cms,cache,auth",
            "new-integration nova --modules tickets,users --extends acme --controller --activate users",
            "new custom-module warranties --integration acme",
        ],
        more=[f"new-integration {{}} --modules {MODULES}"],
        on="fresh",
    ),
}


def run(tenon, cwd, words):
    out = subprocess.run([tenon, *words], cwd=cwd, capture_output=True, text=True)
    return out


def done(tenon, cwd, words):
    out = run(tenon, cwd, words)
    if out.returncode:
        sys.exit(f"tenon {' '.join(words)}: {out.stdout}{out.stderr}")
    return out


def full(path):
    for short, long in SHORT.items():
        if path == short or path.startswith(short + "/"):
            return long + path[len(short) :]
    return path


def apply(host, steps):
    """Does the steps of a break; false if the host is another one than they are about."""
    for step in steps:
        if "delete" in step:
            at = host / full(step["delete"])
            if not at.exists():
                return False
            shutil.rmtree(at) if at.is_dir() else at.unlink()
        elif "move" in step:
            if not (host / full(step["move"])).exists():
                return False
            (host / full(step["move"])).rename(host / full(step["to"]))
        elif "copy" in step:
            shutil.copytree(host / full(step["copy"]), host / full(step["to"]))
        elif "write" in step:
            (host / full(step["write"])).write_text(step["text"])
        else:
            at = host / full(step["in"])
            text = at.read_text() if at.exists() else ""
            if text.count(step["replace"]) != 1:
                return False
            at.write_text(text.replace(step["replace"], step["with"]))
    return True


def findings(tenon, host):
    out = run(tenon, host, ["check", "--format", "json"])
    try:
        found = json.loads(out.stdout)["findings"]
    except ValueError:
        return Counter({("refused", "", out.stderr[:300]): 1})
    return Counter((one["rule"], one["location"]["path"], one["message"]) for one in found)


def measure(tenon, pack, show):
    of = HOSTS[pack]
    with tempfile.TemporaryDirectory() as dir:
        done(tenon, dir, ["new", *of["host"], "--pack", pack, "--quiet"])
        host = Path(dir) / of["host"][1]
        for words in of["made"] + [more.format(name) for name in MORE for more in of["more"]]:
            done(tenon, host, [*words.split(), "--quiet"])
        for gone in ["tenon.toml", "tenon.lock", ".tenon"]:
            at = host / gone
            shutil.rmtree(at) if at.is_dir() else at.unlink(missing_ok=True)
        for kind, where in of["where"].items():
            learnt = run(tenon, host, ["learn", where, "--kind", kind, "--yes"])
            if learnt.returncode:
                print(pack, kind, "is not learnt:", learnt.stderr)
                return
        if os.environ.get("KEEP"):
            shutil.copytree(host, os.environ["KEEP"], dirs_exist_ok=True)
        before = findings(tenon, host)
        found, missed, other = 0, [], 0
        for file in sorted((BREAKS / pack).glob("*.toml")):
            for one in tomllib.loads(file.read_text())["break"]:
                if of["on"] and of["on"] not in one.get("on", [of["on"]]):
                    continue
                copy = Path(dir) / "copy"
                shutil.copytree(host, copy)
                if not apply(copy, one["do"]):
                    other += 1
                elif findings(tenon, copy) - before:
                    found += 1
                else:
                    missed.append((one["expect"][0]["rule"] if one["expect"] else "", file.stem, one["id"], one["what"]))
                shutil.rmtree(copy)
        total = found + len(missed)
        print(
            f"{pack:24}{found:4} of {total} ({found * 100 // max(total, 1)} %), {len(before)} findings before"
            + (f", {other} are about another host" if other else "")
        )
        if show:
            for finding in before:
                print("    before:", *finding)
            for rule, family, name, what in sorted(missed):
                print(f"    {rule:22}{family}: {name}: {what}")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--list"]
    tenon = str(Path(words[0]).resolve())
    for pack in words[1:] or HOSTS:
        measure(tenon, pack, "--list" in sys.argv)
