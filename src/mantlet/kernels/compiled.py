"""The one way a kernel is compiled.

No `fastmath` (it breaks NaN checks and bit-identity), no parallel reductions, Python's error
model off so that a division by zero gives an infinity to be reported by status code, and the
interpreter lock released so that independent batches can run on threads.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import config, njit
from numba.np import linalg

# numba imports SciPy's linear algebra, a tenth of start-up, to see whether it is there: it is, the
# package depends on SciPy. Code that uses it (no kernel here does) imports it when it is compiled.
_found, linalg.ensure_blas = linalg.ensure_blas, lambda: None
import numba.np.arraymath  # noqa: E402, F401

linalg.ensure_blas = _found

# numba reads the environment when it is first imported, which may have been before this package.
config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a module-level function on first call and keep it in the on-disk cache.

    Without the entry point for C that numba would add: nobody calls it, compiling it takes time.
    """
    untold: dict[str, Any] = {"no_cfunc_wrapper": True}  # unknown to its type hints
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", **untold)(function))
