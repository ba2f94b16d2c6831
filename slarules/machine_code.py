"""Functions as machine code where numba is installed, and as they are where it is not: one source for both.

A function is compiled when it is first called with values of its kinds. Its machine code is kept in a folder of the
user's, named by a hash of the sources. What is kept is loaded within a millisecond or two by llvmlite, which numba
itself stands on; numba, whose import and first steps take most of a second, is needed only to compile.

What is passed are whole numbers, truth values and arrays of them, and what is given back nothing, one of these or
several: so a function is called as numba's functions call each other, each array as its place, shape and steps.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from attrs import define, field

from slarules import compiling, kept

P = ParamSpec("P")
R = TypeVar("R")

COMPILED = find_spec("numba") is not None and os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
"""Whether functions are machine code here."""
_HEARS: list[Callable[[str], object]] = []
_APART: list[bool] = []
_CHILD = "import sys; from slarules.machine_code import compile_named; compile_named(*sys.argv[1:])"
_ONE_AT_A_TIME = threading.RLock()  # of those that load or compile
_WHOLE = np.dtype(np.int64).str
_NONE = -2
"""The status of a function that gave nothing back; 0: it gave something; all else: it met what it cannot do."""


@define(eq=False)
class Kernel:
    """A function that is called as machine code; it frees Python's lock, so that threads run side by side."""

    function: Callable[..., Any]
    """As it is written."""
    folder: Path | None
    """Where its machine code is kept."""
    options: dict[str, Any]
    """What numba is told besides."""
    loaded: dict[tuple[str, ...], Callable[..., Any]] = field(factory=dict)
    """Kinds of what is passed → its machine code."""
    engines: list[Any] = field(factory=list)
    """What the machine code was loaded by, and lives as long as."""

    def __call__(self, *given: Any) -> Any:
        kinds = tuple(map(_kind, given))
        code = self.loaded.get(kinds) or _ready(self, kinds)
        return code(*given)


def folder_for(name: str, sources: Iterable[Path]) -> Path | None:
    """Where the machine code of these sources is kept; None: nowhere, it is made anew each time."""
    numba = find_spec("numba") if COMPILED else None
    if numba is None or numba.origin is None:
        return None
    own = hashlib.sha256()
    ours = (Path(__file__), Path(compiling.__file__))
    for path in (*sorted(sources), *ours, Path(numba.origin).with_name("_version.py")):
        own.update(path.read_bytes())
    return kept.folder(f"{name}-{own.hexdigest()[:16]}")


def compiled(function: Callable[P, R], folder: Path | None, **options: Any) -> Callable[P, R]:
    """The function as machine code, or itself."""
    return cast(Callable[P, R], Kernel(function, folder, options)) if COMPILED else function


@contextmanager
def heard(hear: Callable[[str], object]) -> Iterator[None]:
    """Meanwhile ``hear`` is told the name of each function before it is compiled, which takes seconds or minutes."""
    _HEARS.append(hear)
    try:
        yield
    finally:
        _HEARS.remove(hear)


@contextmanager
def apart() -> Iterator[None]:
    """Meanwhile functions are compiled in another process, so that it takes none of the memory of this one."""
    _APART.append(True)
    try:
        yield
    finally:
        _APART.pop()


def name_of(function: Callable[..., Any]) -> str:
    """The function's name with that of its file, as kept machine code is called: ``quick.quick_all``."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


# ---- What is passed --------------------------------------------------------------------------------------------------


def _kind(given: Any) -> str:
    """What numba's types turn on: ``<i8``, or ``<i8 2C`` of an array of two dimensions, ``r`` where it is not to be
    changed."""
    if isinstance(given, np.ndarray):
        flags = given.flags
        apart = given.ndim == 1 and given.strides[0] != given.itemsize  # numpy calls one element whole, however it lies
        order = "A" if apart else "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return f"{given.dtype.str} {given.ndim}{order}{'' if flags.writeable else 'r'}"
    if isinstance(given, bool):
        return "|b1"
    if isinstance(given, int) and -(1 << 63) <= given < 1 << 63:
        return _WHOLE
    if isinstance(given, np.generic):
        return given.dtype.str
    raise TypeError(f"no machine code takes {given!r}")


def _passed(given: Any) -> Sequence[Any]:
    """A value as machine code takes it: an array is nobody's and in nothing, then its length, the size of an element,
    its place, its shape and its steps."""
    if isinstance(given, np.ndarray):
        place, _ = given.__array_interface__["data"]
        return (None, None, given.size, given.itemsize, place, *given.shape, *given.strides)
    return (given.item() if isinstance(given, np.generic) else given,)


def _c_types(kind: str) -> list[Any]:
    """The types of ``_passed``."""
    dtype, _, array = kind.partition(" ")
    if not array:
        return [_c_type(dtype)]
    numbers = 3 + 2 * int(array[0])
    return [ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_ssize_t] * numbers]


def _c_type(dtype: str) -> Any:
    sort, size = np.dtype(dtype).kind, np.dtype(dtype).itemsize
    return ctypes.c_bool if sort == "b" else getattr(ctypes, f"c_{'u' * (sort == 'u')}int{8 * size}")


# ---- Machine code that is kept ---------------------------------------------------------------------------------------


def _ready(kernel: Kernel, kinds: tuple[str, ...]) -> Callable[..., Any]:
    """The function for what is passed: what is kept of it, else compiled now."""
    with _ONE_AT_A_TIME:
        if kinds not in kernel.loaded:
            try:
                kernel.loaded[kinds] = _from_kept(kernel, kinds) or _from_source(kernel, kinds)
            except ImportError:  # numba is there, but does not go with what else is: with another NumPy, say
                kernel.loaded[kinds] = kernel.function
        return kernel.loaded[kinds]


def _path(kernel: Kernel, kinds: tuple[str, ...]) -> Path | None:
    own = hashlib.sha256(json.dumps([_machine(), kinds]).encode()).hexdigest()[:16]
    return None if kernel.folder is None else kernel.folder / f"{name_of(kernel.function)}-{own}.code"


def _from_kept(kernel: Kernel, kinds: tuple[str, ...]) -> Callable[..., Any] | None:
    path = _path(kernel, kinds)
    rest = None if path is None else kept.read(path)
    return None if rest is None else _loaded(kernel, kinds, rest)


def _from_source(kernel: Kernel, kinds: tuple[str, ...]) -> Callable[..., Any]:
    for hear in _HEARS:
        hear(name_of(kernel.function))
    path = _path(kernel, kinds)
    if _APART and path is not None:
        _compile_apart(kernel, kinds)
        found = _from_kept(kernel, kinds)
        if found is not None:
            return found
    rest = compiling.made(kernel, kinds)
    if path is not None:
        kept.write(path, rest)
    return _loaded(kernel, kinds, rest)


def _compile_apart(kernel: Kernel, kinds: tuple[str, ...]) -> None:
    """Has another process compile a function and keep it. What fails there is done, or told, in this one then."""
    words = (kernel.function.__module__, kernel.function.__name__, *kinds)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    subprocess.run([sys.executable, "-c", _CHILD, *words], env=environment, capture_output=True, check=False)


def compile_named(module: str, name: str, *kinds: str) -> None:
    """Compiles the function of a module for these kinds of what is passed, and keeps it."""
    _ready(getattr(import_module(module), name), kinds)


def _loaded(kernel: Kernel, kinds: tuple[str, ...], rest: bytes) -> Callable[..., Any]:
    """Machine code, headed by what it gives back and where it begins, to be called from Python."""
    head, _, code = rest.partition(b"\n")
    said = json.loads(head)
    engine = _engine(code)
    kernel.engines.append(engine)
    place = engine.get_function_address(said["begins"])
    parts = [(f"part{n}", _c_type(dtype)) for n, dtype in enumerate(said["gives"])]
    room = type("Given", (ctypes.Structure,), {"_fields_": parts or [("nothing", ctypes.c_int64)]})
    types = [kind for one in kinds for kind in _c_types(one)]
    enter = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *types)(place)

    def call(*given: Any) -> Any:
        back, wrong = room(), ctypes.c_void_p()
        passed = [value for one in given for value in _passed(one)]
        status = enter(ctypes.addressof(back), ctypes.addressof(wrong), *passed)
        if status not in (0, _NONE):
            raise ArithmeticError(f"{name_of(kernel.function)} met what it cannot compute")
        found = tuple(getattr(back, name) for name, _ in parts)
        return (found if said["several"] else found[0]) if found else None

    return call


@cache
def _machine() -> str:
    """The processor: machine code is of no use to another."""
    import llvmlite.binding as llvm  # here and below: at a function's first call, and only where there is numba

    return f"{llvm.get_default_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def _engine(code: bytes) -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine
