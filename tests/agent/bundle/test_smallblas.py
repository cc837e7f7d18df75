"""The small BLAS of the customer's file against numpy's own, for all it exports."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.rig.processes import ROOT
from tests.parts import missing

ROW, COLUMN = 101, 102
PLAIN, TRANSPOSED, CONJUGATED = 111, 112, 113
UPPER, LOWER = 121, 122
KINDS = {"s": np.float32, "d": np.float64, "c": np.complex64, "z": np.complex128}

Array = NDArray[Any]


@pytest.fixture(scope="module")
def blas(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The library, as the bundle compiles it."""
    made = tmp_path_factory.mktemp("blas") / "smallblas.so"
    source = ROOT / "agent" / "bundle" / "smallblas.c"
    flags = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")
    try:
        subprocess.run(["cc", *flags, "-o", made, source], check=True)
    except FileNotFoundError:
        missing("a C compiler (Debian: gcc)")
    return ctypes.CDLL(str(made))


def call(
    blas: ctypes.CDLL,
    name: str,
    *words: object,
    returns: type[ctypes._SimpleCData[float]] | None = None,
) -> float:
    """Call an exported function."""
    function = blas[f"scipy_cblas_{name}64_"]
    function.restype = returns
    return cast(float, function(*words))


def drawn(kind: str, *shape: int) -> Array:
    """Return numbers of a kind, the same in each run."""
    dice = np.random.default_rng(sum(shape) + len(kind))
    made = dice.standard_normal(shape)
    if kind in "cz":
        made = made + 1j * dice.standard_normal(shape)
    return np.ascontiguousarray(made, dtype=KINDS[kind])


def at(array: Array) -> ctypes.c_void_p:
    """Return where an array is."""
    return ctypes.c_void_p(array.ctypes.data)


def scalar(kind: str, value: complex) -> object:
    """Return a factor as CBLAS takes it: by value, or by place where it is complex."""
    if kind == "s":
        return ctypes.c_float(value.real)
    if kind == "d":
        return ctypes.c_double(value.real)
    held = np.array([value], dtype=KINDS[kind])
    pointer = at(held)
    pointer.held = held  # type: ignore[attr-defined]  # lives as long as it is used
    return pointer


def n(value: int) -> ctypes.c_int64:
    """Return an index."""
    return ctypes.c_int64(value)


def used(how: int, matrix: Array) -> Array:
    """Return a matrix as it is used."""
    return {PLAIN: matrix, TRANSPOSED: matrix.T, CONJUGATED: matrix.conj().T}[how]


def in_order(order: int, matrix: Array) -> tuple[Array, ctypes.c_int64]:
    """Return a matrix whose bytes lie in an order, and its width in them.

    Column order is the transposed matrix in the same bytes.
    """
    if order == ROW:
        return np.ascontiguousarray(matrix), n(matrix.shape[1])
    return np.asfortranarray(matrix), n(matrix.shape[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [1, 2, -1])
def test_axpy_and_dot(blas: ctypes.CDLL, kind: str, step: int) -> None:
    x, y = drawn(kind, 14), drawn(kind, 15)[:7].copy()
    seen = x[::step][:7] if step > 0 else x[:7][::-1]
    factor = 2 - 0.5j if kind in "cz" else 2.0
    want = y + np.asarray(factor, KINDS[kind]) * seen
    got = y.copy()
    words = (at(x), n(step), at(got), n(1))
    call(blas, f"{kind}axpy", n(7), scalar(kind, complex(factor)), *words)
    np.testing.assert_allclose(got, want, rtol=1e-5)
    if kind in "sd":
        returns = ctypes.c_float if kind == "s" else ctypes.c_double
        words = (at(x), n(step), at(y), n(1))
        value = call(blas, f"{kind}dot", n(7), *words, returns=returns)
        np.testing.assert_allclose(value, np.dot(seen, y), rtol=1e-4)
        return
    into = np.zeros(1, KINDS[kind])
    words = (at(x), n(step), at(y), n(1))
    call(blas, f"{kind}dotu_sub", n(7), *words, at(into))
    np.testing.assert_allclose(into[0], np.dot(seen, y), rtol=1e-4)
    call(blas, f"{kind}dotc_sub", n(7), *words, at(into))
    np.testing.assert_allclose(into[0], np.vdot(seen, y), rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", [PLAIN, TRANSPOSED, CONJUGATED])
@pytest.mark.parametrize("order", [ROW, COLUMN])
def test_gemv(blas: ctypes.CDLL, kind: str, how: int, order: int) -> None:
    if order == COLUMN and how == CONJUGATED:
        how = TRANSPOSED  # numpy never asks for it
    a = drawn(kind, 4, 6)
    seen = used(how, a if order == ROW else a.T)
    x, y = drawn(kind, seen.shape[1]), drawn(kind, seen.shape[0])
    want = 2 * (seen @ x) + 3 * y
    rows, columns = a.shape if order == ROW else a.T.shape
    call(
        *(blas, f"{kind}gemv"),
        *(order, how, n(rows), n(columns), scalar(kind, 2), at(a), n(6)),
        *(at(x), n(1), scalar(kind, 3), at(y), n(1)),
    )
    np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how_a", [PLAIN, TRANSPOSED, CONJUGATED])
@pytest.mark.parametrize("how_b", [PLAIN, TRANSPOSED, CONJUGATED])
@pytest.mark.parametrize("order", [ROW, COLUMN])
def test_gemm(blas: ctypes.CDLL, kind: str, how_a: int, how_b: int, order: int) -> None:
    rows, inner, columns = 3, 5, 4
    a = drawn(kind, *((rows, inner) if how_a == PLAIN else (inner, rows)))
    b = drawn(kind, *((inner, columns) if how_b == PLAIN else (columns, inner)))
    c = drawn(kind, rows, columns)
    want = 2 * (used(how_a, a) @ used(how_b, b)) + 3 * c
    (a, wide_a), (b, wide_b) = in_order(order, a), in_order(order, b)
    c, wide_c = in_order(order, c)
    call(
        *(blas, f"{kind}gemm"),
        *(order, how_a, how_b, n(rows), n(columns), n(inner), scalar(kind, 2)),
        *(at(a), wide_a, at(b), wide_b, scalar(kind, 3), at(c), wide_c),
    )
    np.testing.assert_allclose(c, want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", [PLAIN, TRANSPOSED])
@pytest.mark.parametrize("half", [UPPER, LOWER])
@pytest.mark.parametrize("order", [ROW, COLUMN])
def test_syrk(blas: ctypes.CDLL, kind: str, how: int, half: int, order: int) -> None:
    a = drawn(kind, *((4, 6) if how == PLAIN else (6, 4)))
    c = drawn(kind, 4, 4)
    whole = 2 * (used(how, a) @ used(how, a).T) + 3 * c
    keep = np.triu if half == UPPER else np.tril
    want = np.where(keep(np.ones((4, 4))) > 0, whole, c)
    (a, wide_a), (c, wide_c) = in_order(order, a), in_order(order, c.copy())
    call(
        *(blas, f"{kind}syrk"),
        *(order, half, how, n(4), n(6), scalar(kind, 2), at(a), wide_a),
        *(scalar(kind, 3), at(c), wide_c),
    )
    np.testing.assert_allclose(c, want, rtol=1e-4, atol=1e-4)


def test_numpys_core_asks_for_nothing_that_is_not_here(blas: ctypes.CDLL) -> None:
    core = next(Path(np.__file__).parent.glob("_core/_multiarray_umath*.so"))
    told = subprocess.run(
        ["nm", "-D", "--undefined-only", core],
        capture_output=True,
        text=True,
        check=True,
    )
    asked = {w for w in told.stdout.split() if "cblas" in w or "lapack" in w}
    assert asked, "numpy is built another way: look again at what it links"
    missing_here = sorted(name for name in asked if not hasattr(blas, name))
    assert missing_here == []
