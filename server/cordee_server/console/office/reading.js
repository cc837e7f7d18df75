// What is only read here: the journal, and how the relay is set and does.

import { html } from "../html.js";
import { money } from "../text/figures.js";
import { Table, size, when } from "./table.js";

/** @typedef {import("./views.js").Drawn} Drawn */

/** @param {Drawn} drawn */
export function Journal({ desk, words, language }) {
    return html`<section class="card">
            <p class="lead">${words.journal_lead}</p>
            <${Table}
                name=${words.tabs.journal}
                heads=${[words.session, words.started, words.state, words.entries]}
                rows=${desk.sessions.map((one) => ({
                    key: one.session,
                    testid: "journal-session",
                    cells: [
                        html`<button
                            type="button"
                            class="quiet hash"
                            aria-expanded=${String(desk.read === one.session)}
                            onClick=${() => desk.open(one.session)}
                        >
                            ${one.session}
                        </button>`,
                        when(one.started_ms, language),
                        one.state,
                        String(one.entries),
                    ],
                }))}
            />
        </section>
        ${
            desk.read !== "" &&
            html`<section class="card">
                <h2>${words.show_entries(desk.read)}</h2>
                <ol class="entries" tabindex="0" aria-label=${words.show_entries(desk.read)}>
                    ${desk.entries.map(
                        (entry) => html`<li data-testid="journal-entry">${entry}</li>`,
                    )}
                </ol>
            </section>`
        }`;
}

/** @param {Drawn} drawn */
export function RelayTab(drawn) {
    const { desk, words, language } = drawn;
    const { relay } = desk;
    if (relay === null) return null;
    const { health } = relay;
    const counts = (/** @type {Record<string, number> | undefined} */ all) =>
        Object.entries(all ?? {})
            .map(([name, count]) => `${name}\u00a0: ${count}`)
            .join(", ") || "–";
    return html`<section class="card" data-testid="health">
            <h2>${words.health}</h2>
            <dl class="facts">
                <dt>${words.health_journal}</dt>
                <dd>${health["journal"] === true ? words.is_well : words.is_ill}</dd>
                <dt>${words.version}</dt>
                <dd>${health["version"]}</dd>
                <dt>${words.sessions}</dt>
                <dd>${String(health["sessions"] ?? 0)}</dd>
                <dt>${words.links}</dt>
                <dd>${String(health["links"] ?? 0)}</dd>
                <dt>${words.free}</dt>
                <dd>${size(health["free_bytes"], language)}</dd>
                <dt>${words.ends}</dt>
                <dd>${counts(health["ends"])}</dd>
                <dt>${words.refusals}</dt>
                <dd>${counts(health["refusals"])}</dd>
                <dt>${words.deliveries}</dt>
                <dd>${counts(health["deliveries"])}</dd>
            </dl>
        </section>
        <${Tariffs} ...${drawn} />
        <section class="card">
            <h2>${words.customers}</h2>
            <${Table}
                name=${words.customers}
                heads=${[words.customer, words.engagements, words.last]}
                rows=${relay.customers.map((one) => ({
                    key: one.customer,
                    testid: "customer",
                    cells: [one.customer, String(one.engagements), when(one.last_ms, language)],
                }))}
            />
        </section>
        <section class="card" data-testid="kept">
            <h2>${words.kept}</h2>
            <p class="lead">${words.kept_lead}</p>
            <dl class="facts">
                ${Object.entries(words.kept_names).map(
                    ([name, text]) =>
                        html`<dt>${text}</dt>
                            <dd>${size(relay.kept[name] ?? 0, language)}</dd>`,
                )}
            </dl>
        </section>`;
}

/** @param {Drawn} drawn */
function Tariffs({ desk, words, language }) {
    const { relay } = desk;
    if (relay === null) return null;
    const bound = (/** @type {number | null} */ ms) =>
        ms === null || ms === 0 ? words.always : when(ms, language);
    return html`<section class="card">
        <h2>${words.tariffs}</h2>
        <p class="lead">${words.settings_lead}</p>
        <${Table}
            name=${words.tariffs}
            heads=${[
                words.tariff,
                words.price,
                words.unit,
                words.minimum,
                words.from,
                words.until,
                words.state,
            ]}
            rows=${relay.tariffs.map((row, at) => ({
                key: `${row["id"]}-${at}`,
                testid: "tariff",
                cells: [
                    row["label"],
                    money(row["price_cents"], row["currency"], language),
                    words.minutes(row["unit_s"] / 60),
                    String(row["minimum_units"]),
                    bound(row["valid_from_ms"]),
                    bound(row["valid_to_ms"]),
                    row["is_in_force"] ? words.in_force : words.not_in_force,
                ],
            }))}
        />
        <dl class="facts">
            <dt>${words.policy}</dt>
            <dd>${relay.policy.id} (${relay.policy.version})</dd>
            <dt>${words.terms}</dt>
            <dd>${relay.terms.version} <span class="hash">${relay.terms.hash}</span></dd>
        </dl>
        <p class="soft">${words.policies(relay.policies.join(", "))}</p>
    </section>`;
}
