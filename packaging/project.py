"""What the packages have in common: what Cargo.toml says, the targets, and archives whose bytes depend on their content only."""

import gzip
import hashlib
import io
import pathlib
import tarfile
import tomllib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFEST = tomllib.loads((ROOT / "Cargo.toml").read_text())
WORKSPACE = MANIFEST["workspace"]
# What the package takes from the workspace is written there.
CARGO = {**MANIFEST["package"], **WORKSPACE["package"]}
DEPENDENCIES = {name: of for name, of in WORKSPACE["dependencies"].items() if "path" not in of}
NAME = MANIFEST["bin"][0]["name"]
# As registries know it: the program's own name is taken there.
PACKAGE = MANIFEST["package"]["name"]
VERSION = CARGO["version"]
SUMMARY = CARGO["description"]
REPOSITORY = CARGO["repository"]
LICENSE = CARGO["license"]

# What goes along with the program, wherever it is carried.
PAPERS = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "CHANGELOG.md"]

# A target of Rust: how npm and wheels call it. The static programs run on every Linux, so only they go into packages.
TARGETS = {
    "x86_64-unknown-linux-musl": {"npm": ("linux", "x64"), "wheel": "manylinux_2_17_x86_64.musllinux_1_1_x86_64"},
    "aarch64-unknown-linux-musl": {"npm": ("linux", "arm64"), "wheel": "manylinux_2_17_aarch64.musllinux_1_1_aarch64"},
    "x86_64-unknown-linux-gnu": {"wheel": "linux_x86_64", "npm": ("linux", "x64")},
    "aarch64-unknown-linux-gnu": {"wheel": "linux_aarch64", "npm": ("linux", "arm64")},
    "x86_64-apple-darwin": {"npm": ("darwin", "x64"), "wheel": "macosx_10_12_x86_64"},
    "aarch64-apple-darwin": {"npm": ("darwin", "arm64"), "wheel": "macosx_11_0_arm64"},
    "x86_64-pc-windows-msvc": {"npm": ("win32", "x64"), "wheel": "win_amd64"},
}

# 1 January 1980, the first day that a zip can say.
EPOCH = 315532800


def program(target):
    """The name of the program's file on `target`."""
    return f"{NAME}.exe" if "windows" in target else NAME


def known(target):
    """`target`, or the end with a sentence."""
    if target not in TARGETS:
        raise SystemExit(f"error: `{target}` is not a target of releases; there are: {', '.join(TARGETS)}")
    return target


def tar_gz(path, files):
    """Writes `files` (name: bytes, is it a program) as an archive."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, (content, runs) in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = 0o755 if runs else 0o644
            info.mtime = EPOCH
            tar.addfile(info, io.BytesIO(content))
    with open(path, "wb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
            packed.write(raw.getvalue())


def zipped(path, files):
    """As `tar_gz`, as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, runs) in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = (0o100755 if runs else 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def checksum(path):
    """Writes the digest of the file at `path` beside it, as `sha256sum` prints it."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n")
    return digest


def papers(target):
    """Licences, the notice for `target` and the like, as files of an archive."""
    import notice

    out = {name: ((ROOT / name).read_bytes(), False) for name in PAPERS}
    out["NOTICE.md"] = (notice.text(target).encode(), False)
    return out
