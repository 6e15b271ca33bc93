"""The one way a kernel is compiled.

No `fastmath` (it breaks NaN checks and bit-identity), no parallel reductions, Python's error
model off so that a division by zero gives an infinity to be reported by status code, and the
interpreter lock released so that independent batches can run on threads.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a module-level function on first call and keep it in the on-disk cache."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
