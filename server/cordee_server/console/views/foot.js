// Under the picture: where the time went, how good the line is, and what may be done.

import { html } from "../html.js";
import { money } from "../text/figures.js";
import { ClipMenu } from "./clip.js";
import { Extras } from "./extras.js";
import { Files } from "./files.js";
import { GlanceMenu } from "./glance.js";
import { SpecialKeys, TypeText } from "./keys.js";
import { Look, WholeScreen } from "./look.js";
import { PenButton } from "./pen.js";
import { ShotButton } from "./shot.js";
import { Talk } from "./talk.js";
import { Way } from "./way.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */

/**
 * @param {object} props
 * @param {PageState} props.page
 * @param {Actions} props.actions
 */
export function Foot({ page, actions }) {
    const { words, session } = page;
    if (session === null) return null;
    const { spent } = session;
    const time = (/** @type {string} */ name, /** @type {string} */ label, always = false) =>
        (always || (spent[name] ?? 0) >= 1) &&
        html`<span class="spent" data-testid=${`time-${name}`} data-now=${session.mode === name}>
            ${label} <b>${words.clock(spent[name] ?? 0)}</b>
        </span>`;
    return html`<footer class="foot">
        <div class="foot-facts">
            <div class="times">
                ${time("consenting", words.time_waiting)}
                ${time("viewing", words.time_viewing, true)}
                ${time("controlling", words.time_controlling, true)}
                ${time("reclaimed", words.time_reclaimed)} ${time("paused", words.time_paused)}
                ${time("interrupted", words.time_interrupted)}
                <${Cost} page=${page} />
            </div>
            <${Way} page=${page} />
        </div>
        <div class="foot-tools">
            ${
                session.mode === "controlling" &&
                html`<${SpecialKeys} page=${page} actions=${actions} />
                    <${TypeText} page=${page} actions=${actions} />`
            }
            <${Talk} page=${page} actions=${actions} />
            <${PenButton} page=${page} actions=${actions} />
            <${ClipMenu} page=${page} actions=${actions} />
            <${GlanceMenu} page=${page} actions=${actions} />
            <${ShotButton} page=${page} actions=${actions} />
            <${Files} page=${page} actions=${actions} />
            <${Extras} page=${page} actions=${actions} />
            <${Look} page=${page} actions=${actions} />
            <${WholeScreen} page=${page} actions=${actions} />
        </div>
    </footer>`;
}

/**
 * What it would come to if it ended now: the relay's own bill, never counted here.
 *
 * @param {object} props
 * @param {PageState} props.page
 */
function Cost({ page }) {
    const { words, today, engagement, language } = page;
    const standing = today?.standing.find((one) => one.engagement === engagement?.id);
    const cost = today?.so_far.find((one) => one.session === standing?.session);
    if (cost === undefined) return null;
    return html`<span class="spent" data-testid="cost" title=${words.cost_hint}>
        ${words.cost_so_far} <b>${money(cost.amount_cents, cost.currency, language)}</b>
    </span>`;
}
