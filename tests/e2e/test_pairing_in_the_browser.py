"""The draft's vectors in a real browser: its X25519, its HMAC, our map (S-01, S-02)."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "server" / "cordee_server" / "console"
VECTORS = json.loads((ROOT / "shared/vectors/cpace.json").read_text("utf-8"))

pytestmark = pytest.mark.browser

#: A secure context, as the console has: without one there is no WebCrypto.
HOST = "http://localhost:9"

_RUN = """
async (vectors) => {
    const pake = await import("/pairing/pake.js");
    const { transcript, lvCat, prependLen } = await import("/canonical.js");
    const { random } = await import("/pairing/bytes.js");
    const hex = (text) =>
        Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));
    const toHex = (bytes) =>
        Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    const { calculate_generator: made, exchange, string_utils: strings } = vectors;
    const low = vectors.scalar_mult_vfy_low_order;
    const [prs, ci, sid] = [hex(made.PRS), hex(made.CI), hex(made.sid)];
    const k = await pake.scalarMult(hex(exchange.ya), hex(exchange.Yb));
    const said = transcript(
        hex(exchange.Ya), hex(exchange.ADa), hex(exchange.Yb), hex(exchange.ADb),
    );
    const found = {
        secure: isSecureContext,
        lv_cat: toHex(lvCat(...strings.lv_cat.in.map(hex))),
        prepend_len: strings.prepend_len
            .filter((one) => "in" in one)
            .map((one) => toHex(prependLen(hex(one.in)))),
        transcripts: strings.transcript_ir.map((one) =>
            toHex(transcript(hex(one.Ya), hex(one.ADa), hex(one.Yb), hex(one.ADb)))),
        generator_string: toHex(pake.generatorString(prs, ci, sid)),
        g: toHex(await pake.generator(prs, ci, sid, random)),
        Ya: toHex(await pake.scalarMult(hex(exchange.ya), hex(made.g))),
        Yb: toHex(await pake.scalarMult(hex(exchange.yb), hex(made.g))),
        K: toHex(k),
        transcript_ir: toHex(said),
        ISK_ir: toHex(await pake.intermediateKey(sid, k, said)),
        low: {},
    };
    for (const one of low.vectors) {
        try {
            found.low[one.id] = toHex(await pake.scalarMult(hex(low.s), hex(one.u)));
        } catch (error) {
            found.low[one.id] = error.name;
        }
    }
    return found;
}
"""


def files(route: Route) -> None:
    """Serve the console's own modules; the page itself is empty."""
    name = route.request.url.removeprefix(HOST).lstrip("/")
    if not name:
        route.fulfill(body="<!doctype html>", content_type="text/html")
    elif name.endswith(".js") and (CONSOLE / name).is_file():
        route.fulfill(path=CONSOLE / name, content_type="text/javascript")
    else:
        route.fulfill(status=404, body="")


@pytest.fixture
def found(page: Page) -> dict[str, Any]:
    """What the browser makes of the vectors."""
    page.route(f"{HOST}/**", files)
    page.goto(f"{HOST}/")
    result: dict[str, Any] = page.evaluate(_RUN, VECTORS)
    return result


def test_s01_the_drafts_vectors_pass_in_a_real_browser(found: dict[str, Any]) -> None:
    made, exchange = VECTORS["calculate_generator"], VECTORS["exchange"]
    strings = VECTORS["string_utils"]
    assert found["secure"] is True
    assert found["lv_cat"] == strings["lv_cat"]["out"]
    assert found["prepend_len"] == [
        one["out"] for one in strings["prepend_len"] if "in" in one
    ]
    assert found["transcripts"] == [one["out"] for one in strings["transcript_ir"]]
    assert found["generator_string"] == made["generator_string"]
    assert found["g"] == made["g"]
    for name in ("Ya", "Yb", "K", "transcript_ir", "ISK_ir"):
        assert found[name] == exchange[name], name


def test_s02_every_low_order_point_aborts_in_a_real_browser(
    found: dict[str, Any],
) -> None:
    points = VECTORS["scalar_mult_vfy_low_order"]["vectors"]
    assert len(points) == 12
    assert found["low"] == {
        one["id"]: "PairingFailed" if one["must_abort"] else one["expected_q"]
        for one in points
    }
