"""The table: frozen, equal-length, read-only columns, each declared once with its unit."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

SCHEMA_VERSION = "1.1"
"""Version of the public columns: the minor number grows with added columns, the major never did."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Column:
    """What a column means. `shape` is that of one row; `ragged` rows drop trailing -1 in files.

    An `optional` column of numbers may be left out: it reads as NaN, and stays out of files.
    """

    meaning: str
    unit: str
    shape: tuple[int, ...]
    dtype: Any
    ragged: bool
    optional: bool = False


def column(
    meaning: str,
    unit: str = "",
    shape: tuple[int, ...] = (),
    *,
    dtype: Any = np.float64,
    ragged: bool = False,
    optional: bool = False,
) -> Any:
    """Declare a column. `dtype` may be `str` or `bytes` (object arrays); -1 in `shape` is any."""
    metadata = {"column": Column(meaning, unit, shape, dtype, ragged, optional)}
    # A factory, not a default, which would stand in the class for every table without the column.
    return (
        field(default_factory=_left_out, metadata=metadata)
        if optional
        else field(metadata=metadata)
    )


def _left_out() -> None:
    return None


_TEXTS = (pa.string(), pa.binary(), pa.large_string(), pa.large_binary())

_ARROW = {str: pa.string(), bytes: pa.binary()}


def _arrow_type(spec: Column) -> pa.DataType:
    scalar = _ARROW.get(spec.dtype) or pa.from_numpy_dtype(spec.dtype)
    if not spec.shape:
        return scalar
    return pa.list_(scalar) if spec.ragged else pa.list_(scalar, int(np.prod(spec.shape)))


class Table:
    """Base of all tables: equal-length columns, checked and made read-only when built."""

    _specs: ClassVar[dict[str, Column]]

    def __post_init__(self) -> None:
        length = -1
        for key, spec in self.columns().items():
            if spec.optional and self.__dict__[key] is None:
                del self.__dict__[key]
                continue
            array = self._checked(key, spec, getattr(self, key))
            if length >= 0 and len(array) != length:
                raise ValueError(f"{self._where(key)}: {len(array)} rows, expected {length}")
            length = len(array)
            object.__setattr__(self, key, array)

    @classmethod
    def _where(cls, key: str) -> str:
        return f"{cls.__name__}.{key}"

    @classmethod
    def _checked(cls, key: str, spec: Column, value: object) -> Array:
        kind = object if spec.dtype in (str, bytes) else spec.dtype
        # NumPy's own byte strings drop trailing zeros, which well-known binary may end with.
        array = np.asarray(value, dtype=object if spec.dtype is bytes else None)
        if array.dtype != kind:
            if (
                array.size
                and kind is not object
                and not np.can_cast(array.dtype, kind, "same_kind")
            ):
                raise ValueError(f"{cls._where(key)}: {array.dtype} cannot be held as {kind}")
            array = array.astype(kind)
        wanted = spec.shape
        if array.ndim != 1 + len(wanted) or any(
            w not in (-1, got) for w, got in zip(wanted, array.shape[1:], strict=True)
        ):
            rows = array.shape[0] if array.ndim else 0
            raise ValueError(f"{cls._where(key)}: shape {array.shape}, expected {(rows, *wanted)}")
        array = array.view()
        array.flags.writeable = False
        return array

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The declared columns by name, in file order."""
        specs = cls.__dict__.get("_specs")
        if specs is None:
            specs = {f.name: f.metadata["column"] for f in fields(cls)}  # type: ignore[arg-type]
            cls._specs = specs
        return specs

    @classmethod
    def trusted(cls, **columns: Array) -> Self:
        """Build without checks: for inner loops whose arrays are right by construction."""
        table = object.__new__(cls)
        table.__dict__.update(columns)
        return table

    @classmethod
    def empty(cls) -> Self:
        """No rows."""
        return cls(
            **{
                key: np.empty(
                    (0, *(max(n, 0) for n in spec.shape)),
                    dtype=object if spec.dtype in (str, bytes) else spec.dtype,
                )
                for key, spec in cls.columns().items()
                if not spec.optional
            }
        )

    if not TYPE_CHECKING:  # or any misspelt column would pass for right

        def __getattr__(self, name: str) -> Array:
            """An optional column that was left out."""
            spec = type(self).columns().get(name)
            if spec is None or not spec.optional:
                raise AttributeError(f"{type(self).__name__} has no {name!r}")
            return np.full((len(self), *spec.shape), np.nan)

    def held(self) -> dict[str, Column]:
        """The columns there are: all but optional ones that were left out."""
        return {key: spec for key, spec in self.columns().items() if key in self.__dict__}

    def holds(self, name: str) -> bool:
        """Whether there is a column of this name: all but optional ones that were left out."""
        return name in self.__dict__

    @classmethod
    def concat(cls, tables: Iterable[Self]) -> Self:
        """All rows of `tables`, in order. Columns of any width are padded with -1."""
        parts = list(tables)
        if not parts:
            return cls.empty()
        return cls.trusted(
            **{
                key: _stack([getattr(part, key) for part in parts], -1 in spec.shape)
                for key, spec in cls.columns().items()
                if not spec.optional or any(key in part.__dict__ for part in parts)
            }
        )

    def __len__(self) -> int:
        # Called some ten times per scan: the first column there is will do.
        for column_held in self.__dict__.values():
            return len(column_held)
        return 0

    def take(self, rows: Array | slice, **changed: Array) -> Self:
        """The rows picked by an index array, a mask or a slice, with some columns replaced."""
        table = object.__new__(type(self))
        table.__dict__.update({key: array[rows] for key, array in self.__dict__.items()}, **changed)
        return table

    def with_columns(self, **changed: Array) -> Self:
        """The same rows with some columns replaced or added; unchecked, as `trusted`."""
        return self.trusted(**self.__dict__ | changed)

    def to_arrow(self) -> pa.Table:
        """As an Arrow table; units and meanings travel in the schema's metadata."""
        arrays, schema = [], []
        for key, spec in self.held().items():
            if spec.optional and np.isnan(getattr(self, key)).all():
                continue
            kind = _arrow_type(spec)
            arrays.append(_to_arrow(getattr(self, key), spec, kind))
            notes = {"unit": spec.unit, "meaning": spec.meaning}
            schema.append(pa.field(key, kind, nullable=False, metadata=notes))
        metadata = {"mantlet.table": type(self).__name__, "mantlet.schema": SCHEMA_VERSION}
        return pa.Table.from_arrays(arrays, schema=pa.schema(schema, metadata=metadata))

    @classmethod
    def from_arrow(cls, table: pa.Table) -> Self:
        """From an Arrow table; unknown columns are ignored, missing ones are an error."""
        held = {k: s for k, s in cls.columns().items() if k in table.column_names}
        missing = [k for k, s in cls.columns().items() if k not in held and not s.optional]
        if missing:
            raise ValueError(f"{cls.__name__}: column {', '.join(missing)} is missing")
        return cls(**{key: _from_arrow(table.column(key), spec) for key, spec in held.items()})

    def write(self, path: Path) -> None:
        """Write a Parquet file (zstd)."""
        pq.write_table(self.to_arrow(), path, compression="zstd", compression_level=1)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a Parquet file; a file of a newer major schema is refused by name."""
        table = pq.read_table(path)
        held = (table.schema.metadata or {}).get(b"mantlet.schema", SCHEMA_VERSION.encode())
        if held.decode().split(".")[0] != SCHEMA_VERSION.split(".")[0]:
            raise ValueError(f"{path}: schema {held.decode()}, this version reads {SCHEMA_VERSION}")
        return cls.from_arrow(table)

    def to_pandas(self) -> Any:
        """As a pandas data frame (needs the `notebook` extra)."""
        return self.to_arrow().to_pandas()


def _stack(parts: list[Array], any_width: bool) -> Array:
    if not any_width:
        return np.concatenate(parts)
    rows, width = sum(map(len, parts)), max(part.shape[1] for part in parts)
    stacked, begin = np.full((rows, width), -1, dtype=parts[0].dtype), 0
    for part in parts:
        end = begin + len(part)
        stacked[begin:end, : part.shape[1]] = part
        begin = end
    return stacked


def _to_arrow(array: Array, spec: Column, kind: pa.DataType) -> pa.Array:
    if not spec.shape:
        return _flat_arrow(array, kind)
    if not spec.ragged:
        return pa.FixedSizeListArray.from_arrays(
            _flat_arrow(array.reshape(-1), kind.value_type), int(np.prod(spec.shape))
        )
    kept = array >= 0
    offsets = np.zeros(len(array) + 1, dtype=np.int32)
    np.cumsum(kept.sum(axis=1), out=offsets[1:])
    return pa.ListArray.from_arrays(
        _flat_arrow(offsets, pa.int32()), _flat_arrow(array[kept], kind.value_type)
    )


def _flat_arrow(array: Array, kind: pa.DataType) -> pa.Array:
    """One dimension as Arrow, by its buffers: `pa.array` imports pandas wherever there is one."""
    if array.dtype != object:
        buffer = pa.py_buffer(np.ascontiguousarray(array))
        return pa.Array.from_buffers(kind, len(array), [None, buffer])
    # Texts repeat (a radar's id, a status): code them, build each once, let Arrow spread them.
    known: dict[str | bytes, int] = {}
    codes = np.fromiter(
        (known.setdefault(item, len(known)) for item in array.tolist()), np.int32, len(array)
    )
    items = [item.encode() if isinstance(item, str) else item for item in known]
    ends = np.zeros(len(items) + 1, dtype=np.int32)
    np.cumsum([len(item) for item in items], out=ends[1:])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(items))]
    distinct = pa.Array.from_buffers(kind, len(items), buffers)
    return pa.DictionaryArray.from_arrays(
        _flat_arrow(codes, pa.int32()), distinct
    ).dictionary_decode()


def _from_arrow(chunked: pa.ChunkedArray, spec: Column) -> Array:
    array = chunked.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # combine_chunks of nothing at all
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], chunked.type)
    if not spec.shape:
        return _flat_numpy(array)
    if not spec.ragged:
        return _flat_numpy(array.flatten()).reshape(len(array), *spec.shape)
    counts = np.diff(_flat_numpy(array.offsets))
    width = spec.shape[0] if spec.shape[0] >= 0 else int(counts.max(initial=0))
    padded = np.full((len(array), width), -1, dtype=spec.dtype)
    padded[np.arange(width)[None, :] < counts[:, None]] = _flat_numpy(array.flatten())
    return padded


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _flat_numpy(array: pa.Array) -> Array:
    """One dimension from Arrow, by its buffers: `to_numpy` imports pandas wherever there is one."""
    kind = array.type
    if array.null_count or not (kind in _TEXTS or _is_number(kind)):
        return np.asarray(array.to_numpy(zero_copy_only=False))
    if kind in _TEXTS:
        coded = array.dictionary_encode()  # texts repeat: each is made once
        texts = np.empty(len(coded.dictionary), object)
        texts[:] = coded.dictionary.to_pylist()
        return np.asarray(texts[_flat_numpy(coded.indices)])
    buffer = array.buffers()[1]
    if buffer is None or not len(array):
        return np.empty(0, kind.to_pandas_dtype())
    item = np.dtype(kind.to_pandas_dtype())
    return np.frombuffer(buffer, item, len(array), array.offset * item.itemsize)


def for_kernel(array: Array, dtype: Any = np.float64) -> Array:
    """The array as kernels are compiled for: this type, contiguous, writable; a copy if need be.

    What `np.require` does, at a fraction of its cost: it stands in every call of every scan.
    """
    flags = array.flags
    if flags.c_contiguous and flags.writeable and array.dtype == dtype:
        return array
    return np.array(array, dtype, order="C")
