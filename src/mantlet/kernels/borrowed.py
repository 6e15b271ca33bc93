"""Arrays without reference counts, for kernels that hand bundles of arrays down many calls.

numba counts the owners of every array, and of every view, by atomic steps each time one is handed
to a function. A bundle of a dozen arrays handed down five small functions per track cost a scan
two thirds of its time. Whoever calls a kernel holds its arguments until it returns, so inside
nothing has to be counted.

Only for what outlives all its borrowed views: arguments, and arrays of the borrowing function's
own that it names in `outlive` afterwards.
"""

from typing import Any, Protocol, TypeVar, cast

from numba import config
from numba.core import cgutils
from numba.extending import intrinsic

from mantlet.kernels.compiled import kernel

Array = TypeVar("Array")


class _Lend(Protocol):
    def __call__(self, array: Array) -> Array: ...


def _same(array: Array) -> Array:
    return array


@intrinsic
def _uncounted(_: Any, array: Any) -> Any:
    """A view of the same memory that is not counted."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, values[0])
        null: Any = cgutils.get_null_value
        view.meminfo, view.parent = null(view.meminfo.type), null(view.parent.type)
        return view._getvalue()

    return array(array), build


borrowed = cast(_Lend, _same if config.DISABLE_JIT else _uncounted)  # type: ignore[attr-defined]
"""The same array, as a view whose owner is not counted."""


@kernel
def outlive(owner: object) -> None:
    """Keeps what was lent from being freed before: numba drops an array after its last use."""
