#!/usr/bin/env python3
"""formula.py DIR: the formula for Homebrew of the archives in DIR, which archive.py made. What is not in DIR is left out."""

import pathlib
import sys

import project

TARGETS = {
    ("macos", "arm"): "aarch64-apple-darwin",
    ("macos", "intel"): "x86_64-apple-darwin",
    ("linux", "arm"): "aarch64-unknown-linux-musl",
    ("linux", "intel"): "x86_64-unknown-linux-musl",
}


def main(folder):
    lines = []
    for system in ["macos", "linux"]:
        inner = []
        for cpu in ["arm", "intel"]:
            name = f"{project.NAME}-{project.VERSION}-{TARGETS[system, cpu]}.tar.gz"
            if not (pathlib.Path(folder) / name).exists():
                # A test has no static program.
                name = name.replace("-musl", "-gnu")
            checksum = pathlib.Path(folder) / f"{name}.sha256"
            if checksum.exists():
                digest = checksum.read_text().split()[0]
                url = f"{project.REPOSITORY}/releases/download/v{project.VERSION}/{name}"
                inner += [f"    on_{cpu} do", f'      url "{url}"', f'      sha256 "{digest}"', "    end"]
        if inner:
            lines += [f"  on_{system} do", *inner, "  end"]
    print(
        f"""class Tenon < Formula
  desc "{project.SUMMARY}"
  homepage "{project.REPOSITORY}"
  version "{project.VERSION}"
  license any_of: ["MIT", "Apache-2.0"]
"""
    )
    print("\n".join(lines))
    print(
        """
  def install
    bin.install "tenon"
    generate_completions_from_executable(bin/"tenon", "completions")
    (man1/"tenon.1").write Utils.safe_popen_read(bin/"tenon", "man")
  end

  test do
    system bin/"tenon", "try"
  end
end"""
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
