// Which view is drawn.

import { html } from "../html.js";
import { Assist } from "./assist.js";
import { Ended } from "./ended.js";
import { Today } from "./engagement.js";
import { RelayNotice, TopBar } from "./frame.js";
import { Login } from "./login.js";
import { Meet } from "./waiting.js";

/** @typedef {import("../page.js").PageState} PageState */
/** @typedef {import("../page.js").Actions} Actions */
/** @typedef {import("../page.js").ViewName} ViewName */
/** @typedef {{ page: PageState, actions: Actions }} Drawn */
/** @typedef {(drawn: Drawn) => import("../html.js").VNode | null} View */

/** @type {Record<ViewName, View>} */
const VIEWS = {
    loading: ({ page }) => html`<main class="centre"><p>${page.words.loading}</p></main>`,
    login: Login,
    today: Today,
    meet: Meet,
    assist: Assist,
    ended: Ended,
};

/** @param {Drawn} drawn */
export function draw(drawn) {
    const { page } = drawn;
    return html`<div class="page" data-view=${page.view}>
        <${TopBar} ...${drawn} />
        <${RelayNotice} ...${drawn} />
        <${VIEWS[page.view]} ...${drawn} />
    </div>`;
}
