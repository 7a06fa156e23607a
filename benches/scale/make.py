"""A host with many integrations, no two files of which are alike.

    python3 benches/scale/make.py TENON DIR COUNT

DIR must not exist. Every integration has two modules and fifteen files: what the generator makes for one of several pairs of
modules, without the configuration of tools that a host keeps in one place (formatter, test runner). Each copy gets another
name, and in every file text of its own: comments, functions, paragraphs, keys. The same COUNT gives the same host.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

LEFT_OUT = {
    ".gitignore",
    ".prettierrc.mjs",
    "lint-staged.config.mjs",
    "tsconfig.lint.json",
    "vitest.config.mjs",
}

# The modules of the integrations that are copied.
PAIRS = ["tickets,cms", "tickets,users", "cms,users", "tickets,notifications", "users,notifications", "cms,notifications"]

WORDS = (
    "account address amount article balance basket billing branch cache channel client comment contract country currency customer "
    "deadline delivery device discount event filter invoice item language limit locale manager message note number offer order "
    "owner page parcel partner payment period price profile queue reason receipt record region request result review role route "
    "search session shelf status stock store supplier support target task tax team ticket token total unit vendor visit worker"
).split()


class Varied:
    """Text of its own for each file."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def words(self, count: int) -> list[str]:
        return [self.random.choice(WORDS) for _ in range(count)]

    def sentence(self) -> str:
        return " ".join(self.words(self.random.randint(6, 14))).capitalize() + "."

    def function(self, number: int) -> str:
        first, second = self.words(2)
        name = f"{first}{second.capitalize()}{number}"
        factor = self.random.randint(2, 9999)
        return f"\nconst {name} = ({first}: number): number => {first} * {factor};\nvoid {name};\n"

    def text(self, path: Path, text: str) -> str:
        match path.suffix:
            case ".ts" | ".js" | ".mjs":
                head = "".join(f"// {self.sentence()}\n" for _ in range(self.random.randint(1, 4)))
                # An index only passes names on.
                tail = "" if path.name == "index.ts" else "".join(map(self.function, range(self.random.randint(0, 5))))
                return head + text + tail
            case ".json":
                value = json.loads(text)
                if path.name == "package.json":
                    value["description"] = self.sentence()
                else:
                    value = {"display": self.sentence(), **value}
                return json.dumps(value, indent=4) + "\n"
            case _:
                return text + "".join(f"\n{self.sentence()}\n" for _ in range(self.random.randint(1, 6)))


def main() -> None:
    tenon, dir, count = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), int(sys.argv[3])
    run = lambda cwd, *words: subprocess.run([tenon, *words], cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    dir.parent.mkdir(parents=True, exist_ok=True)
    run(dir.parent, "new", "host", dir.name, "--pack", "o2s", "--quiet")
    integrations = dir / "packages" / "integrations"
    seeds = []
    for number, pair in enumerate(PAIRS[:count]):
        name = f"seed-{number}"
        run(dir, "new-integration", name, "--modules", pair, "--yes", "--quiet")
        own = integrations / name
        for path in list(own.rglob("*")):
            if path.name in LEFT_OUT:
                path.unlink()
        files = {path.relative_to(own): path.read_text() for path in sorted(own.rglob("*")) if path.is_file()}
        seeds.append((name, f"Seed{number}", files))
        for path, text in files.items():
            (own / path).write_text(Varied(f"{name}/{path}").text(path, text))
    for number in range(len(seeds), count):
        seed, seed_pascal, files = seeds[number % len(seeds)]
        name, pascal = f"unit-{number:05}", f"Unit{number:05}"
        for path, text in files.items():
            to = integrations / name / path
            to.parent.mkdir(parents=True, exist_ok=True)
            text = text.replace(seed, name).replace(seed_pascal, pascal)
            to.write_text(Varied(f"{name}/{path}").text(path, text))
    print(f"{count} integrations, {sum(1 for path in dir.rglob('*') if path.is_file())} files")


if __name__ == "__main__":
    main()
