// How the remote screen is shown: its size, which monitor, sharp or quick first.

import { html } from "../html.js";
import { Menu, Segment } from "./menu.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {{ page: PageState, actions: Actions }} Props */

/** @param {Props} props */
export function Look({ page, actions }) {
    const { words, session, look } = page;
    const { looking } = actions;
    const monitors = session?.monitors ?? [];
    const zoom = typeof look.size === "number" ? `${Math.round(look.size * 100)}\u00a0%` : "";
    return html`<${Menu} name="look" label=${words.look}>
        <p id="look-size">${words.look_size}</p>
        <div class="row">
            <div class="segments" role="group" aria-labelledby="look-size">
                <${Segment}
                    testid="fit-fit"
                    text=${words.fit}
                    isOn=${look.size === "fit"}
                    act=${looking.fit}
                />
                <${Segment}
                    testid="fit-actual"
                    text=${words.one_to_one}
                    isOn=${look.size === "actual"}
                    act=${looking.actual}
                />
            </div>
            <div class="segments" role="group" aria-label=${words.zoom}>
                <button
                    type="button"
                    data-testid="zoom-out"
                    aria-label=${words.zoom_out}
                    onClick=${looking.zoomOut}
                >
                    −
                </button>
                <output class="zoom" data-testid="zoom" aria-live="polite">${zoom || "…"}</output>
                <button
                    type="button"
                    data-testid="zoom-in"
                    aria-label=${words.zoom_in}
                    onClick=${looking.zoomIn}
                >
                    +
                </button>
            </div>
        </div>
        <p class="soft">${words.look_pan}</p>
        ${
            monitors.length > 1 &&
            html`<p id="look-monitor">${words.monitors}</p>
                <div class="segments" role="group" aria-labelledby="look-monitor">
                    <${Segment}
                        testid="monitor-all"
                        text=${words.monitor_all}
                        isOn=${!monitors.some(({ id }) => id === look.monitor)}
                        act=${() => looking.choose(null)}
                    />
                    ${monitors.map(
                        ({ id, primary, rect }, at) =>
                            html`<${Segment}
                                key=${id}
                                testid=${`monitor-${id}`}
                                text=${words.monitor(at + 1, primary, `${rect.w} × ${rect.h}`)}
                                isOn=${id === look.monitor}
                                act=${() => looking.choose(id)}
                            />`,
                    )}
                </div>`
        }
        <p id="look-prefers">${words.prefers}</p>
        <div class="segments" role="group" aria-labelledby="look-prefers">
            <${Segment}
                testid="prefer-quick"
                text=${words.prefers_quick}
                isOn=${look.prefers === "quick"}
                act=${() => looking.prefer("quick")}
            />
            <${Segment}
                testid="prefer-sharp"
                text=${words.prefers_sharp}
                isOn=${look.prefers === "sharp"}
                act=${() => looking.prefer("sharp")}
            />
        </div>
        <p class="soft">
            ${look.prefers === "sharp" ? words.prefers_sharp_hint : words.prefers_quick_hint}
        </p>
    </${Menu}>`;
}

/**
 * The whole screen, and what it does to Escape.
 *
 * @param {Props} props
 */
export function WholeScreen({ page, actions }) {
    const { words } = page;
    return html`<button
        type="button"
        class="quiet"
        data-testid="full-screen"
        aria-pressed=${String(page.isFull)}
        title=${page.isLocked ? words.full_screen_locked : words.full_screen_hint}
        onClick=${actions.fullScreen}
    >
        ${page.isFull ? words.full_screen_leave : words.full_screen}
    </button>`;
}
