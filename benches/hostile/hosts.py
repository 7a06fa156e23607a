"""Sound hosts of the built-in packs, each made once and copied, and the files of theirs that a check reads."""

import os
import shutil
import subprocess
from pathlib import Path

# By pack: what makes members, and the files that hostile texts stand in: a member's own, and those that members share.
MADE_BY = {
    "o2s": (
        [
            ["new-integration", "acme", "--modules", "tickets", "--activate", "tickets"],
            ["new-integration", "nova", "--modules", "tickets,cms"],
        ],
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
        [
            ["new", "service", "keycloak"],
            ["new-integration", "acme"],
            ["new-integration", "nova", "--service", "keycloak"],
        ],
        [
            "pkg/acme/consumer.go",
            "pkg/nova/integrator.go",
            "pkg/keycloak/service.go",
            "pkg/integration/types.go",
            "pkg/k8s/cruder.go",
            "cmd/*/main.go",
        ],
    ),
    "djblets": (
        [["new", "support", "shop"], ["new-integration", "acme"], ["new-integration", "nova"]],
        [],
    ),
    "cargo": (
        [["new-integration", "acme"], ["new-integration", "nova"]],
        [],
    ),
}


def run(tenon, cwd, *words, check=True):
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), "XDG_CACHE_HOME": str(cwd) + ".cache", "XDG_STATE_HOME": str(cwd) + ".state"}
    done = subprocess.run([tenon, *words], cwd=cwd, env=env, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def make(tenon, pack, into):
    """The host of a pack, below `into`; it has no findings."""
    host = Path(into) / pack / "shop"
    if host.exists():
        return host
    host.parent.mkdir(parents=True, exist_ok=True)
    run(tenon, host.parent, "new", "host", "shop", "--pack", pack, "--quiet", "--yes")
    for words in MADE_BY[pack][0]:
        run(tenon, host, *words, "--yes", "--quiet", "--no-input")
    shutil.rmtree(host / ".tenon", ignore_errors=True)
    done = run(tenon, host, "check", "--no-cache")
    if "no findings" not in done.stdout + done.stderr:
        raise SystemExit(f"{pack}: {done.stdout}{done.stderr}")
    return host


def files(pack, host):
    """The files of the host that hostile texts stand in."""
    named = MADE_BY[pack][1]
    if named:
        found = [path for pattern in named for path in sorted(host.glob(pattern))]
    else:
        found = [path for path in sorted(host.rglob("*")) if path.is_file() and path.suffix[1:] in ("py", "rs", "toml", "json", "md", "txt", "yaml")]
    return [str(path.relative_to(host)) for path in found if ".state" not in str(path) and ".cache" not in str(path)]
