"""CPace against the draft's own vectors, and against itself on random inputs."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import random
from pathlib import Path
from typing import Any

import pytest

from cordee_shared.canonical import lv_cat, prepend_len, transcript
from cordee_shared.errors import PairingFailed
from cordee_shared.pairing import machine, pake, resume
from tests.shared.pairing.ends import Dice

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "shared/vectors/cpace.json").read_text("ascii")
)
GENERATOR = VECTORS["calculate_generator"]
EXCHANGE = VECTORS["exchange"]
LOW_ORDER = VECTORS["scalar_mult_vfy_low_order"]
P = 2**255 - 19


def b(text: str) -> bytes:
    return bytes.fromhex(text)


def sides() -> tuple[bytes, bytes, bytes, bytes]:
    return tuple(b(EXCHANGE[name]) for name in ("Ya", "ADa", "Yb", "ADb"))  # type: ignore[return-value] # four of them


def test_s01_the_drafts_string_helpers_are_ours() -> None:
    for case in VECTORS["string_utils"]["prepend_len"]:
        if "in" in case:
            assert prepend_len(b(case["in"])) == b(case["out"])
        else:
            data = bytes(range(case["in_range_len"]))
            assert prepend_len(data) == b(case["out_prefix"]) + data
    case = VECTORS["string_utils"]["lv_cat"]
    assert lv_cat(*map(b, case["in"])) == b(case["out"])
    for case in VECTORS["string_utils"]["transcript_ir"]:
        four = (b(case[name]) for name in ("Ya", "ADa", "Yb", "ADb"))
        assert transcript(*four) == b(case["out"])


def test_s01_the_generator_is_the_drafts_step_by_step() -> None:
    inputs = b(GENERATOR["PRS"]), b(GENERATOR["CI"]), b(GENERATOR["sid"])
    string = pake.generator_string(*inputs)
    assert string == b(GENERATOR["generator_string"])
    digest = hashlib.sha512(string).digest()[:32]
    assert digest == b(GENERATOR["hash_generator_string"])
    assert pake.map_to_curve(digest, Dice("g")) == b(GENERATOR["g"])
    cleared = b(GENERATOR["decoded_field_element"])
    assert pake.map_to_curve(cleared, Dice("g")) == b(GENERATOR["g"])
    assert pake.generator(*inputs, Dice("another")) == b(GENERATOR["g"])


def test_s01_shares_k_and_isk_are_the_drafts() -> None:
    g, ya, yb = (b(x) for x in (GENERATOR["g"], EXCHANGE["ya"], EXCHANGE["yb"]))
    assert pake.scalar_mult(ya, g) == b(EXCHANGE["Ya"])
    assert pake.scalar_mult(yb, g) == b(EXCHANGE["Yb"])
    k = pake.scalar_mult(ya, b(EXCHANGE["Yb"]))
    assert k == b(EXCHANGE["K"])
    assert pake.scalar_mult(yb, b(EXCHANGE["Ya"])) == k
    said = transcript(*sides())
    assert said == b(EXCHANGE["transcript_ir"])
    sid = b(GENERATOR["sid"])
    assert pake.intermediate_key(sid, k, said) == b(EXCHANGE["ISK_ir"])


def test_s01_the_values_we_do_not_use_follow_from_those_we_do() -> None:
    ya, ad_a, yb, ad_b = sides()
    said = transcript(ya, ad_a, yb, ad_b)
    output = hashlib.sha512(b"CPaceSidOutput" + said).digest()
    assert output == b(EXCHANGE["sid_output_ir"])
    first, second = sorted((lv_cat(ya, ad_a), lv_cat(yb, ad_b)), reverse=True)
    unordered = b"oc" + first + second
    k, sid = b(EXCHANGE["K"]), b(GENERATOR["sid"])
    assert pake.intermediate_key(sid, k, unordered) == b(EXCHANGE["ISK_oc"])


@pytest.mark.parametrize("case", LOW_ORDER["vectors"], ids=lambda case: case["id"])
def test_s02_points_of_low_order_abort_and_no_others(case: dict[str, Any]) -> None:
    scalar, point = b(LOW_ORDER["s"]), b(case["u"])
    if case["must_abort"]:
        with pytest.raises(PairingFailed, match="low order"):
            pake.scalar_mult(scalar, point)
    else:
        assert pake.scalar_mult(scalar, point) == b(case["expected_q"])


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_share_has_32_bytes(size: int) -> None:
    with pytest.raises(PairingFailed, match=f"{size} bytes"):
        pake.scalar_mult(bytes([1]) * 32, bytes([9]) * size)


def plain_map(field_element: bytes) -> bytes:
    """Elligator 2 as the draft has it, with the branch that would tell the secret."""
    r = int.from_bytes(field_element, "little") & (2**255 - 1)
    v = -486662 * pow(1 + 2 * r * r, -1, P) % P
    w = (v**3 + 486662 * v * v + v) % P
    x = v if pow(w, (P - 1) // 2, P) == 1 else (-v - 486662) % P
    return x.to_bytes(32, "little")


def test_s04_blinding_changes_the_way_and_not_the_point() -> None:
    dice = Dice("blinds")
    for seed in range(100):
        element = hashlib.sha256(f"element {seed}".encode()).digest()
        assert pake.map_to_curve(element, dice) == plain_map(element)
    sizes = [len(drawn) for drawn in dice.drawn]
    assert sizes == [48, 48] * 100
    assert len(set(dice.drawn)) == 200


def test_s04_no_power_is_taken_of_a_value_that_was_not_blinded() -> None:
    # No output shows it, only the time taken; so the source is read.
    powers = [
        ast.unparse(node.args[0])
        for node in ast.walk(ast.parse(inspect.getsource(pake.map_to_curve)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pow"
    ]
    assert set(powers) == {"d * blind % _P", "w * square * square % _P"}


@pytest.mark.parametrize("drawn", [b"\x00" * 48, b"\xff" * 48], ids=["low", "high"])
def test_s04_no_draw_makes_a_blind_of_zero(drawn: bytes) -> None:
    element = b"\x07" * 32
    assert pake.map_to_curve(element, lambda size: drawn) == plain_map(element)


@pytest.mark.parametrize("r", [0, 1, P - 1, P, 2**255 - 1, 2**256 - 1])
def test_edges_of_the_field_map_as_in_the_plain_map(r: int) -> None:
    element = r.to_bytes(32, "little")
    assert pake.map_to_curve(element, Dice("edge")) == plain_map(element)


@pytest.mark.slow
def test_s03_500_random_runs_agree_and_none_with_another_secret() -> None:
    dice = random.Random(20260423)
    for _ in range(500):
        prs, ci, sid, ad_a, ad_b = (
            dice.randbytes(dice.randrange(1, 300)) for _ in range(5)
        )
        scalar_a, scalar_b = dice.randbytes(32), dice.randbytes(32)
        g = pake.generator(prs, ci, sid, dice.randbytes)
        ya, yb = pake.scalar_mult(scalar_a, g), pake.scalar_mult(scalar_b, g)
        said = transcript(ya, ad_a, yb, ad_b)
        here = pake.intermediate_key(sid, pake.scalar_mult(scalar_a, yb), said)
        there = pake.intermediate_key(sid, pake.scalar_mult(scalar_b, ya), said)
        assert here == there
        tag = pake.confirmation(sid, here, ya, ad_a)
        assert pake.same(tag, pake.confirmation(sid, there, ya, ad_a))
        wrong = pake.generator(prs + b"0", ci, sid, dice.randbytes)
        yw = pake.scalar_mult(scalar_b, wrong)
        other = pake.intermediate_key(
            sid, pake.scalar_mult(scalar_a, yw), transcript(ya, ad_a, yw, ad_b)
        )
        guess = pake.intermediate_key(
            sid, pake.scalar_mult(scalar_b, ya), transcript(ya, ad_a, yw, ad_b)
        )
        assert other != guess


def test_a_tag_speaks_for_one_end_and_one_run() -> None:
    sid, isk, share, ad = b"s" * 48, b"i" * 64, b"y" * 32, b"{}"
    tag = pake.confirmation(sid, isk, share, ad)
    assert len(tag) == pake.CONFIRMATION_BYTES
    others = [
        pake.confirmation(b"S" * 48, isk, share, ad),
        pake.confirmation(sid, b"I" * 64, share, ad),
        pake.confirmation(sid, isk, b"Y" * 32, ad),
        pake.confirmation(sid, isk, share, b"{ }"),
    ]
    assert len({tag, *others}) == 5
    assert not any(pake.same(tag, other) for other in others)


def test_s06_tags_are_compared_in_constant_time_only() -> None:
    assert "hmac.compare_digest" in inspect.getsource(pake.same)
    for module in (machine, resume):
        compared = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.Compare)
        ]
        assert [text for text in compared if "tag" in text or "theirs ==" in text] == []
