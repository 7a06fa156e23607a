"""Sound hosts, each made once and copied, the files of theirs that a check reads, and hosts of many members, sound and broken.

Hosts are made by the program itself, with the built-in packs and two of the examples, so that there is one of each language.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "packs"

# By pack: what makes the first member and what it needs, what makes the second, and the files that hostile texts stand in: a member's own, and those
# that members share; all of a host where none is named.
MADE_BY = {
    "o2s": (
        [["new-integration", "acme", "--modules", "tickets", "--activate", "tickets"]],
        ["new-integration", "nova", "--modules", "tickets,cms"],
        [
            "packages/integrations/acme/src/integration.ts",
            "packages/integrations/acme/src/modules/index.ts",
            "packages/integrations/acme/src/modules/tickets/index.ts",
            "packages/integrations/acme/src/modules/tickets/tickets.service.ts",
            "packages/integrations/acme/package.json",
            "packages/integrations/acme/tsconfig.json",
            "packages/configs/integrations/src/models/index.ts",
            "packages/configs/integrations/src/models/tickets.ts",
            "packages/configs/integrations/package.json",
            "apps/api-harmonization/src/app.config.ts",
            "apps/api-harmonization/src/app.module.ts",
            "package.json",
            "tenon.toml",
            "tenon.lock",
        ],
    ),
    "integration-controller": (
        [["new", "service", "keycloak"], ["new-integration", "acme"]],
        ["new-integration", "nova"],
        [
            "pkg/acme/consumer.go",
            "pkg/nova/integrator.go",
            "pkg/keycloak/service.go",
            "pkg/integration/types.go",
            "pkg/k8s/cruder.go",
            "cmd/*/main.go",
            "go.mod",
        ],
    ),
    "djblets": ([["new", "support", "shop"], ["new-integration", "acme"]], ["new-integration", "nova"], []),
    "cargo": ([["new-integration", "acme"]], ["new-integration", "nova"], []),
    "seatunnel": (
        [["new-integration", "acme", "--sink", "--source"]],
        ["new-integration", "nova", "--sink", "--source"],
        [
            "seatunnel-connectors-v2/connector-acme/pom.xml",
            "seatunnel-connectors-v2/connector-acme/src/main/java/**/*SinkFactory.java",
            "seatunnel-connectors-v2/connector-acme/src/main/java/**/*Sink.java",
            "seatunnel-api/src/main/java/**/Factory.java",
            "seatunnel-api/src/main/java/**/SeaTunnelSink.java",
            "seatunnel-connectors-v2/pom.xml",
            "seatunnel-dist/pom.xml",
            "config/plugin_config",
            "plugin-mapping.properties",
            ".github/workflows/labeler/label-scope-conf.yml",
        ],
    ),
    "dependabot": (
        [["new-integration", "acme"]],
        ["new-integration", "nova"],
        [
            "acme/dependabot-acme.gemspec",
            "acme/lib/dependabot/acme.rb",
            "acme/lib/dependabot/acme/file_parser.rb",
            "common/lib/dependabot/file_parsers/base.rb",
            "rakelib/support/helpers.rb",
            "omnibus/lib/dependabot/omnibus.rb",
            "omnibus/dependabot-omnibus.gemspec",
            "Gemfile",
            "bin/dry-run.rb",
            "common/lib/dependabot/config/file.rb",
            ".github/smoke-filters.yml",
            "sorbet/config",
        ],
    ),
}

# What makes a file of a member broken: in which file, which text becomes which.
WRONG_CODE = {
    "o2s": ("src/modules/tickets/tickets.service.ts", r"\n    getTicketList\(", "\n    renamed("),
    "integration-controller": ("consumer.go", r"\) Validate\(object", ") Renamed(object"),
    "djblets": ("integration.py", r"def initialize\(self\)", "def initialize(self, more)"),
    "cargo": ("src/consumer.rs", r"fn validate\(&self, _object", "fn renamed(&self, _object"),
}


# In which ways its members can be broken. Those of o2s are listed nowhere before they are activated.
WRONG = {pack: ("file", *(["entry"] if pack != "o2s" else []), "code", "unparsable", "bytes") for pack in WRONG_CODE}


def run(tenon, cwd, *words, check=True):
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), "XDG_CACHE_HOME": str(cwd) + ".cache", "XDG_STATE_HOME": str(cwd) + ".state"}
    done = subprocess.run([tenon, *words], cwd=cwd, env=env, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def sound(tenon, host):
    """Fails unless a check has no findings."""
    done = run(tenon, host, "check", "--no-cache", "--quiet")
    if done.stdout or "error" in done.stderr:
        raise SystemExit(f"{host}: {done.stdout}{done.stderr}")


def make(tenon, pack, into):
    """The host of a pack with two members, below `into`, beside `one`, which has one; neither has findings."""
    host, one = Path(into) / pack / "shop", Path(into) / pack / "one"
    if host.exists():
        return host
    host.parent.mkdir(parents=True, exist_ok=True)
    if (EXAMPLES / pack).is_dir():
        shutil.copytree(EXAMPLES / pack / "tests" / "small" / "host", host)
        shutil.copytree(EXAMPLES / pack, host / "tools" / "pack", ignore=shutil.ignore_patterns("tests"))
        (host / "tenon.toml").write_text('pack = "./tools/pack"\n')
    else:
        run(tenon, host.parent, "new", "host", "shop", "--pack", pack, "--quiet", "--yes")
    firsts, second, _ = MADE_BY[pack]
    for words in [*firsts, None, second]:
        if words is None:
            shutil.copytree(host, one)
            shutil.rmtree(one / ".tenon", ignore_errors=True)
        else:
            run(tenon, host, *words, "--yes", "--quiet", "--no-input")
    shutil.rmtree(host / ".tenon", ignore_errors=True)
    sound(tenon, host)
    return host


def files(pack, host):
    """The files of the host that hostile texts stand in."""
    named = MADE_BY[pack][2]
    if named:
        found = [path for pattern in named for path in sorted(host.glob(pattern))]
    else:
        found = [path for path in sorted(host.rglob("*")) if path.is_file() and path.suffix[1:] in ("py", "rs", "toml", "json", "md", "txt", "yaml")]
    return [str(path.relative_to(host)) for path in found]


def spelt(text, name):
    """The text with `name` in place of nova, in each case."""
    return text.replace("nova", name).replace("Nova", name.capitalize()).replace("NOVA", name.upper())


def many(pack, host, count, wrong, to):
    """Makes `to`, in which the host has so many members like its second one, and all of those are `wrong`: `none`, `file` (a file is missing), `entry`
    (they are not listed), `code` (a method or a base is), `unparsable` or `bytes` (so is their code)."""
    one = host.parent / "one"
    texts = lambda dir: {str(path.relative_to(dir)): path.read_bytes().decode() for path in sorted(dir.rglob("*")) if path.is_file()}
    before, after = texts(one), texts(host)
    # What was made by the program is known by its record, which names each file with its digest. These are written by hand.
    before.pop("tenon.lock", None), after.pop("tenon.lock", None)
    names = [f"nova{number:05}" for number in range(count)]
    out = {}
    for path, text in after.items():
        if path not in before:
            for name in names:
                out[spelt(path, name)] = spelt(text, name)
        elif text == before[path] or wrong == "entry":
            out[path] = before[path]
        else:
            old, new = before[path].splitlines(True), text.splitlines(True)
            lines = []
            for what, i, j, k, l in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
                if what not in ("equal", "insert"):
                    raise SystemExit(f"{pack}: {path}: an entry is no lines of its own")
                lines += old[i:j] if what == "equal" else [spelt(line, name) for name in names for line in new[k:l]]
            out[path] = "".join(lines)
    end, pattern, instead = WRONG_CODE[pack]
    hit = 0
    for path in [path for path in out if re.search(r"nova\d{5}", path) and path.endswith("/" + end)]:
        hit += 1
        match wrong:
            case "file":
                del out[path]
            case "code":
                out[path], changed = re.subn(pattern, instead, out[path], count=1)
                hit -= not changed
            case "unparsable":
                out[path] += "\n)(\n"
            case "bytes":
                out[path] += "\udcff"
    if hit != count:
        raise SystemExit(f"{pack}: {hit} of {count} members have what is to be wrong")
    written(out, to)


# Parts of a pack, of which there are many: `I` is the number of the one.
PARTS = {
    "options": """
[kind.integration.option.optionI]
kind = "text"
prompt = "What?"
example = "x"
read = { file = "units.json", pointer = "/{{name}}/optionI" }
""",
    "sites": """
[kind.integration.site.siteI]
file = "units.ts"
in = "export const unitsI = []"
entry = "'{{name}}'"
why = "it is listed"
""",
    "rules": """
[[kind.integration.rule]]
expect = "has"
file = "{{home}}/unit.ts"
find = { pattern = "export const keyI = $VALUE" }
what = "a key"
why = "it is read"
""",
    "kinds": """
[kind.kindI]
summary = "A kind"
home = "kindI/{{name}}"
files = "unit"
may-be-empty = true
required = { "unit.ts" = "it is what is loaded" }
""",
}


def with_many(part, count, most, to):
    """Makes `to`, a host with a pack of so many options, sites, rules or kinds, and three members of it. The host has what `most` of them look at."""
    names = ["acme", "nova", "zeta"]
    pack = """
[pack]
name = "many"
version = "1.0.0"
summary = "Much"
language = "typescript"

[host]
files = ["units.json"]

[kind.integration]
summary = "A unit"
home = "units/{{name}}"
files = "unit"
required = { "unit.ts" = "it is what is loaded" }
"""
    numbers = range(most)
    out = {
        "tenon.toml": 'pack = "./tools/pack"\n',
        "tools/pack/pack.toml": pack + "".join(re.sub(r"I\b", str(number), PARTS[part]) for number in range(count)),
        "tools/pack/files/unit/unit.ts.hbs": "export const unit = 1;\n",
        "units.json": json.dumps({name: {f"option{number}": "x" for number in numbers} for name in names}, indent=2),
        "units.ts": "".join(f"export const units{number} = {names};\n" for number in numbers),
    }
    for name in names:
        out[f"units/{name}/unit.ts"] = "export const unit = 1;\n" + "".join(f"export const key{number} = 1;\n" for number in numbers)
    written(out, to)


def written(texts, to):
    for path, text in texts.items():
        at = to / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(text.encode(errors="surrogateescape"))
