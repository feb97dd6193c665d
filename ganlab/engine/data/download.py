"""Fetches MNIST's files from torchvision's mirrors. Knows nothing of their content.

torchvision's own download waits on a dead network without a limit and reports only to stderr.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import os
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ganlab.engine.data.dataset import DataError, Listener

_PATIENCE = 20.0  # seconds without a byte
_BLOCK = 1 << 18  # bytes between two reports
_MOST = 1 << 26  # bytes; the largest file has 26 MB


def download(dataset: str, names: Sequence[str], folder: Path, listener: Listener) -> None:
    """Puts the unpacked files into the folder. `dataset` is torchvision's name of it."""
    from torchvision import datasets  # takes a second, and only here

    source = getattr(datasets, dataset)
    checksums = {name.removesuffix(".gz"): md5 for name, md5 in source.resources}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            packed = _from_any_mirror(source.mirrors, f"{name}.gz", checksums[name], listener)
            _write(folder / name, gzip.decompress(packed))
    except OSError as error:
        raise DataError(
            f"{dataset} needs {' and '.join(names)} (plain or .gz) in {folder}; they are not "
            f"there, and the download failed: {error}. Put them there, or set GANLAB_DATA to a "
            f"folder that holds {dataset}/raw, or use data=digits, which needs no download."
        ) from error


def _from_any_mirror(mirrors: Sequence[str], name: str, md5: str, listener: Listener) -> bytes:
    problems = []
    for mirror in mirrors:
        try:
            return _fetched(f"{mirror}{name}", md5, listener)
        except (OSError, http.client.HTTPException) as error:
            problems.append(f"{mirror}{name}: {error}")
    raise OSError("; ".join(problems))


def _fetched(url: str, md5: str, listener: Listener) -> bytes:
    # Some mirrors turn Python's own name away.
    request = urllib.request.Request(url, headers={"User-Agent": "ganlab"})
    listener.say(f"Downloading {url}")
    with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
        content = _blocks(response, url, listener)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise OSError("what arrived is not the file (its checksum differs)")
    return content


def _blocks(response: Any, url: str, listener: Listener) -> bytes:
    total = response.headers.get("Content-Length") or ""
    of_all = f" of {int(total) / 1e6:.1f}" if total.isdecimal() else ""
    content, reported = bytearray(), -_BLOCK  # the first is told at once
    while block := response.read1(_BLOCK):  # what has come: a slow drip can be stopped too
        listener.pulse()
        content += block
        if len(content) > _MOST:
            raise OSError(f"it is larger than {_MOST:,} bytes, and no such file is")
        if len(content) - reported >= _BLOCK:
            reported = len(content)
            listener.say(f"Downloading {url}: {reported / 1e6:.1f}{of_all} MB")
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    """All of the file or nothing, also when two runs download at once."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{id(content)}.part")
    try:
        with part.open("xb") as file:  # never through a link that lies there
            file.write(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
