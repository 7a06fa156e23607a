"""A host with many integrations: copies of one that tenon made, under other names.

    python3 benches/scale/make.py TENON DIR COUNT

DIR must not exist. Every integration has two modules and fifteen files: what the generator makes without the
configuration of tools that a host keeps in one place (formatter, test runner).
"""

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


def main() -> None:
    tenon, dir, count = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), int(sys.argv[3])
    run = lambda cwd, *words: subprocess.run([tenon, *words], cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    dir.parent.mkdir(parents=True, exist_ok=True)
    run(dir.parent, "new", "host", dir.name, "--pack", "o2s", "--quiet")
    run(dir, "new-integration", "seed", "--modules", "tickets,cms", "--inject", "cms:cache", "--yes", "--quiet")
    integrations = dir / "packages" / "integrations"
    seed = integrations / "seed"
    files = {
        path.relative_to(seed): path.read_text()
        for path in sorted(seed.rglob("*"))
        if path.is_file() and path.name not in LEFT_OUT
    }
    for number in range(1, count):
        name = f"unit-{number:05}"
        pascal = f"Unit{number:05}"
        for path, text in files.items():
            to = integrations / name / path
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text.replace("seed", name).replace("Seed", pascal))
    for name in LEFT_OUT:
        (seed / name).unlink()
    print(f"{count} integrations, {sum(1 for path in dir.rglob('*') if path.is_file())} files")


if __name__ == "__main__":
    main()
