"""The one way a kernel is compiled.

No `fastmath` (it breaks NaN checks and bit-identity), no parallel reductions, Python's error
model off so that a division by zero gives an infinity to be reported by status code, and the
interpreter lock released so that independent batches can run on threads.
"""

import os
from collections.abc import Callable
from typing import TypeVar, cast

from numba import config, njit

# numba reads the environment when it is first imported, which may have been before this package.
config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a module-level function on first call and keep it in the on-disk cache."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
