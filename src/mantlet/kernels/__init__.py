"""Hot loops: numbers in, numbers out.

numba's on-disk cache notices an edit of the file a kernel stands in, but not of the kernels it
calls from other files. So the cache folder is named after a hash of all kernel sources together
with the versions of Python and numba: any edit starts a new, empty cache.
"""

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {version('numba')}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_dir() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mantlet" / "kernels" / SOURCES_HASH


SOURCES_HASH = _sources_hash()
"""Names the compiled-kernel cache; also written into every run's manifest."""

os.environ.setdefault("NUMBA_CACHE_DIR", str(_cache_dir()))
