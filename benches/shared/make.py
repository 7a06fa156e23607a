"""A host whose members are all listed in the same few files, and the pack for it.

    python3 benches/shared/make.py DIR COUNT [PARTS]

DIR must not exist; `DIR/pack` is the pack, `DIR/host` the host. Each member has two files of its own, an entry in a JSON, a TypeScript, a Go and a
Markdown file, an option that is read from the JSON file, and rules on values in it. PARTS says what is wrong with every member, comma-separated:
`json`, `typescript`, `go`, `markdown` (its entry there is missing), `stale` (there are as many entries of nobody), `value` (what its entry says
is wrong), `file` (a required file is missing), `none`.
"""

import json
import sys
from pathlib import Path

PACK = r"""
[pack]
name = "shared"
version = "1.0.0"
summary = "Members that are all listed in the same files"
language = "typescript"

[host]
files = ["units.json"]

[kind.integration]
summary = "A unit"
home = "units/{{name}}"
files = "unit"
required = { "unit.ts" = "it is what is loaded", "about.md" = "people read it" }

[kind.integration.option.label]
kind = "text"
prompt = "What stands on it?"
example = "a label"
read = { file = "units.json", pointer = "/units/{{name}}/label" }

[kind.integration.site.json]
kind = "manifest"
file = "units.json"
pointer = "/units"
key = "{{name}}"
json = '{ "label": {{json label}}, "path": "units/{{name}}" }'
why = "the registry is read when the program starts"

[kind.integration.site.typescript]
file = "src/units.ts"
in = "export const units = []"
entry = "{ name: '{{name}}', start: {{camel name}} }"
imports = ["import { {{camel name}} } from '../units/{{name}}/unit';"]
why = "the program starts what is listed"
closed = true

[kind.integration.site.go]
file = "units.go"
in = "type Config struct"
entry = '''
// {{pascal name}} is the unit {{name}}.
{{pascal name}} *Unit `yaml:"{{name}}"`'''
why = "the configuration has a field for each unit"
closed = true

[kind.integration.site.markdown]
file = "README.md"
in = "## Units"
entry = "- [{{title name}}](units/{{name}}/about.md)"
why = "people look for units there"
closed = true

[[kind.integration.rule]]
expect = "value"
file = "units.json"
pointer = "/units/{{name}}/path"
value = "units/{{name}}"
why = "the path is where the unit is loaded from"

[[kind.integration.rule]]
expect = "unique"
file = "units.json"
pointer = "/units/{{name}}/id"
why = "each unit has an id of its own"

[[kind.integration.rule]]
expect = "exports"
file = "{{home}}/unit.ts"
exports = { "{{camel name}}" = "const" }
why = "it is what is started"

[[kind.integration.rule]]
expect = "has"
file = "src/units.ts"
find = { pattern = "export const units = $ALL" }
what = "list of units"
why = "the program starts what is listed"
"""

COLOURS = "amber azure coral ebony ivory jade khaki lemon lilac mauve ochre olive peach pearl plum ruby rust sand teal umber".split()
TOOLS = "adze anvil auger awl bevel brace chisel clamp file gauge jig knife lathe level mallet plane punch rasp saw vice".split()


def name_of(number: int) -> str:
    words = [COLOURS[number // 20 % 20], TOOLS[number % 20]]
    return "-".join(words + ([TOOLS[number // 400 % 20], COLOURS[number // 8000 % 20]] if number >= 400 else []))


def main() -> None:
    dir, count = Path(sys.argv[1]), int(sys.argv[2])
    wrong = set((sys.argv[3] if len(sys.argv) > 3 else "none").split(","))
    files: dict[str, str] = {
        "pack/pack.toml": PACK.lstrip(),
        "pack/files/unit/unit.ts.hbs": "export const {{camel name}} = {{json label}};\n",
        "pack/files/unit/about.md.hbs": "# {{title name}}\n",
    }
    names = sorted({name_of(number) for number in range(count)})
    assert len(names) == count
    words = {name: name.split("-") for name in names}
    pascal = lambda name: "".join(word.capitalize() for word in words[name])
    camel = lambda name: pascal(name)[0].lower() + pascal(name)[1:]
    title = lambda name: " ".join(word.capitalize() for word in words[name])
    stale = [f"gone-{name}" for name in names] if "stale" in wrong else []
    words.update((name, name.split("-")) for name in stale)
    listed = lambda part: ([] if part in wrong else names) + stale
    units = {}
    for name in listed("json"):
        path = "units/elsewhere" if "value" in wrong else f"units/{name}"
        units[name] = {"label": f"what {name} does, in a few words", "path": path, "id": f"{name}-id"}
    files["host/units.json"] = json.dumps({"version": 1, "units": units}, indent=2) + "\n"
    some = sorted(listed("typescript"))
    imports = "".join(f"import {{ {camel(name)} }} from '../units/{name}/unit';\n" for name in some)
    entries = "".join(f"    {{ name: '{name}', start: {camel(name)} }},\n" for name in some)
    files["host/src/units.ts"] = f"{imports}\nexport const units = [\n{entries}];\n"
    fields = "".join(
        f'\t// {pascal(name)} is the unit {name}.\n\t{pascal(name)} *Unit `yaml:"{name}"`\n' for name in sorted(listed("go"))
    )
    files["host/units.go"] = f"package units\n\ntype Unit struct{{}}\n\ntype Config struct {{\n{fields}}}\n"
    lines = "".join(f"- [{title(name)}](units/{name}/about.md)\n" for name in sorted(listed("markdown")))
    files["host/README.md"] = f"# Shop\n\n## Units\n\n{lines}\n## More\n\nText.\n"
    for name in names:
        files[f"host/units/{name}/unit.ts"] = f"export const {camel(name)} = 'what {name} does, in a few words';\n"
        if "file" not in wrong:
            files[f"host/units/{name}/about.md"] = f"# {title(name)}\n"
    for path, text in files.items():
        at = dir / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    print(f"{count} members, {len(files['host/units.json']) // 1024} KB of JSON")


if __name__ == "__main__":
    main()
