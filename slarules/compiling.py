"""A function made machine code by numba together with all that it calls, in one piece.

numba by itself would make each function a piece of its own that holds all it calls, improved and assembled anew at each
level of calls, and anew for each number that is passed as such. Kernels call each other twenty levels deep: that took
five times as long. Here each function is added to one piece once, which is improved and assembled once, when it is
whole; and as nothing else can call what is inside, that is put in place of its calls more freely, so that it runs
faster too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from attrs import define, field

_OPTIONS = {"boundscheck": False, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""They make no arrays, and are called by one another or as ``machine_code`` calls: nothing is made to call them from
Python."""


class Written(Protocol):
    """A function to be compiled."""

    function: Callable[..., Any]
    """As it is written."""
    options: dict[str, Any]
    """What numba is told besides."""

    def __hash__(self) -> int: ...


@define
class Piece:
    """Machine code in the making."""

    library: Any
    """Where numba collects it."""
    made: dict[tuple[Written, tuple[Any, ...]], Any] = field(factory=dict)
    """A function and the types of what is passed → what numba says of it; None while it is at it."""


_PIECES: list[Piece] = []
"""The one that is made now, which what is typed or lowered belongs to; none else."""


def made(written: Written, kinds: Sequence[str]) -> bytes:
    """The function for these kinds of what is passed (see ``machine_code``): what it gives back and where it begins as
    a line of JSON, then its machine code. One at a time. ``ImportError`` where numba does not go with what else is
    there, ``TypeError`` for what cannot be compiled."""
    numba = _numba(type(written))
    with numba.core.compiler_lock.global_compiler_lock:
        library = numba.core.registry.cpu_target.target_context.codegen().create_library(written.function.__name__)
        library.enable_object_caching()
        _PIECES.append(Piece(library))
        try:
            found = _part(written, tuple(_type(numba, kind) for kind in kinds))
            for part in _PIECES[-1].made.values():
                if part is not found:
                    library.get_function(part.fndesc.llvm_func_name).linkage = "internal"
        finally:
            _PIECES.pop()
        library.finalize()
    given = found.signature.return_type
    several = isinstance(given, numba.types.BaseTuple)
    gives = [] if given == numba.types.none else list(given) if several else [given]
    head = {
        "begins": found.fndesc.llvm_func_name,
        "gives": [numba.np.numpy_support.as_dtype(one).str for one in gives],
        "several": several,
    }
    return json.dumps(head).encode() + b"\n" + bytes(library._get_compiled_object())


def _type(numba: Any, kind: str) -> Any:
    dtype, _, array = kind.partition(" ")
    own = numba.from_dtype(np.dtype(dtype))
    return numba.types.Array(own, int(array[0]), array[1], readonly=array.endswith("r")) if array else own


def _part(written: Written, types: tuple[Any, ...]) -> Any:
    """What numba says of a function of the piece, which is added to it now if it is not there yet."""
    numba = _numba(type(written))
    piece, target, name = _PIECES[-1], numba.core.registry.cpu_target, written.function.__name__
    if (written, types) not in piece.made:
        piece.made[written, types] = None
        flags = numba.core.compiler.Flags()
        target.options.parse_as_flags(flags, {"nopython": True, **_OPTIONS, **written.options})
        flags.no_compile = True  # it is not to be called from Python
        try:
            piece.made[written, types] = numba.core.compiler.compile_extra(
                target.typing_context, target.target_context, written.function, types, None, flags, {}, piece.library
            )
        except numba.core.errors.NumbaError as wrong:  # numba would try all callers again, with other types
            raise TypeError(f"`{name}` cannot be compiled: {wrong}") from wrong
    if piece.made[written, types] is None:
        raise TypeError(f"`{name}` calls itself")
    return piece.made[written, types]


@cache
def _numba(kind: type[Written]) -> Any:
    """numba, told what a function of this kind is that another calls."""
    import numba
    import numba.core.compiler
    import numba.core.imputils
    import numba.extending

    @numba.extending.typeof_impl.register(kind)
    def _(written: Written, _: object) -> Any:
        return _called(written)

    return numba


@cache
def _called(written: Written) -> Any:
    """numba's type of a function that another calls."""
    numba = _numba(type(written))

    class Called(numba.core.typing.templates.AbstractTemplate):  # type: ignore[misc, name-defined]
        key = written

        def generic(self, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
            if named:
                raise TypeError(f"`{written.function.__name__}` is called with names")
            return _part(written, given).signature

    @numba.core.imputils.lower_builtin(written, numba.types.VarArg(numba.types.Any))  # type: ignore[untyped-decorator]
    def _(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return context.call_internal(builder, _part(written, signature.args).fndesc, signature, given)

    return numba.types.Function(Called)
