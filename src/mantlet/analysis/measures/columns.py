"""Results of measures as tables: Arrow, hence Parquet, CSV and data frames."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa


def to_arrow(result: Any) -> pa.Table:
    """Any result whose fields are arrays of one length (or single numbers: one row), as a table.

    Matrices and vectors in a column become lists.

    Raises
    ------
    ValueError
        If the fields are no such thing.
    """
    if not is_dataclass(result):
        raise ValueError(f"{type(result).__name__}: not a result of a measure")
    arrays = {
        field.name: np.atleast_1d(np.asarray(getattr(result, field.name)))
        for field in fields(result)
    }
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) != 1 or any(array.dtype == object for array in arrays.values()):
        raise ValueError(f"{type(result).__name__}: its fields are no columns of one length")
    return pa.table({name: pa.array(array.tolist()) for name, array in arrays.items()})
