#!/usr/bin/env python3
"""sbom.py: a bill of materials of the program, in CycloneDX 1.5: each crate that is built in on any
target, with version, licence, digest."""

import json
import tomllib

import notice
import project


def bill():
    lock = tomllib.loads((project.ROOT / "Cargo.lock").read_text())
    digests = {(one["name"], one["version"]): one.get("checksum") for one in lock["package"]}
    components = []
    packages = {package["id"]: package for target in project.TARGETS for package in notice.built_in(target)}
    for package in sorted(packages.values(), key=lambda package: (package["name"], package["version"])):
        name, version = package["name"], package["version"]
        purl = f"pkg:cargo/{name}@{version}"
        component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
        if digests.get((name, version)):
            component["hashes"] = [{"alg": "SHA-256", "content": digests[name, version]}]
        if package.get("license"):
            # Older manifests write `/` where SPDX has OR.
            component["licenses"] = [{"expression": package["license"].replace("/", " OR ").replace("  ", " ")}]
        components.append(component)
    own = f"pkg:cargo/{project.CARGO['name']}@{project.VERSION}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project.NAME,
                "version": project.VERSION,
                "purl": own,
                "licenses": [{"expression": project.LICENSE}],
            }
        },
        "components": components,
    }


if __name__ == "__main__":
    print(json.dumps(bill(), indent=2))
