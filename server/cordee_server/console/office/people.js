// Accounts, as an admin sees them, and what was done to them.

import { html } from "../html.js";
import { ROLES } from "./desk.js";
import { SignIns } from "./sign_ins.js";
import { Table, when } from "./table.js";

/** @typedef {import("./desk.js").Account} Account */
/** @typedef {import("./desk.js").Role} Role */
/** @typedef {import("./views.js").Drawn} Drawn */

/** @param {Drawn} drawn */
export function Accounts(drawn) {
    const { desk, words } = drawn;
    return html`<section class="card" data-testid="accounts">
            <${Table}
                name=${words.tabs.accounts}
                heads=${[
                    words.name,
                    words.shown,
                    words.role,
                    words.state,
                    words.signed_in,
                    words.codes_left,
                    words.actions,
                ]}
                rows=${desk.accounts.map((one) => ({
                    key: one.name,
                    name: one.name,
                    testid: "account",
                    cells: cellsOf(drawn, one),
                }))}
            />
        </section>
        ${
            desk.looked !== "" &&
            html`<section class="card">
                <h2>${words.sign_ins_of(desk.looked)}</h2>
                <${SignIns} ...${drawn} signIns=${desk.lookedSignIns} end=${desk.revokeOf} />
            </section>`
        }
        <${NewAccount} ...${drawn} />`;
}

/**
 * @param {Drawn} drawn
 * @param {Account} one
 */
function cellsOf({ desk, words }, one) {
    const isMine = one.name === desk.me?.name;
    const isBlocked = one.blocked_until_ms > Date.now();
    const button = (
        /** @type {string} */ testid,
        /** @type {string} */ text,
        /** @type {() => void} */ act,
    ) =>
        html`<button
            type="button"
            class="outlined"
            data-testid=${testid}
            aria-label=${words.act_on(text, one.name)}
            disabled=${desk.isBusy}
            onClick=${act}
        >
            ${text}
        </button>`;
    return [
        one.name,
        one.display_name,
        isMine
            ? words.roles[one.role]
            : html`<${RoleChoice}
                  words=${words}
                  value=${one.role}
                  label=${words.role_of(one.name)}
                  testid="account-role"
                  isDisabled=${desk.isBusy}
                  choose=${(/** @type {Role} */ role) => desk.setRole(one.name, role)}
              />`,
        one.locked ? words.locked : isBlocked ? words.blocked : words.open,
        String(one.sign_ins),
        String(one.recovery_left),
        html`<div class="row">
            ${button("account-sign-ins", words.look, () => desk.look(one.name))}
            ${
                !isMine &&
                button("account-lock", one.locked ? words.unlock : words.lock, () =>
                    desk.setLocked(one.name, !one.locked),
                )
            }
            ${!isMine && button("account-reset", words.reset, () => desk.reset(one.name))}
        </div>`,
    ];
}

/**
 * @param {object} props
 * @param {import("./text.js").OfficeWords} props.words
 * @param {Role} props.value
 * @param {string} props.label
 * @param {string} props.testid
 * @param {boolean} props.isDisabled
 * @param {((role: Role) => void) | null} props.choose
 */
function RoleChoice({ words, value, label, testid, isDisabled, choose }) {
    return html`<select
        name="role"
        aria-label=${label}
        data-testid=${testid}
        value=${value}
        disabled=${isDisabled}
        onChange=${(/** @type {Event} */ event) => {
            const field = /** @type {HTMLSelectElement} */ (event.currentTarget);
            choose?.(/** @type {Role} */ (field.value));
        }}
    >
        ${ROLES.map(
            (role) =>
                html`<option key=${role} value=${role} selected=${role === value}>
                    ${words.roles[role]}
                </option>`,
        )}
    </select>`;
}

/** @param {Drawn} drawn */
function NewAccount({ desk, words }) {
    const submit = (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.currentTarget);
        const said = new FormData(form);
        const role = /** @type {Role} */ (String(said.get("role")));
        desk.add(String(said.get("name")).trim(), String(said.get("shown")).trim(), role);
    };
    return html`<form class="card new-account" data-testid="new-account" onSubmit=${submit}>
        <h2>${words.add_title}</h2>
        <p class="lead">${words.add_lead}</p>
        <label class="field">
            <span>${words.name}</span>
            <input
                name="name"
                data-testid="account-name"
                autocapitalize="none"
                autocomplete="off"
                spellcheck=${false}
                maxlength="32"
                required
            />
        </label>
        <label class="field">
            <span>${words.shown}</span>
            <input name="shown" data-testid="account-shown" maxlength="120" required />
        </label>
        <label class="field">
            <span>${words.role}</span>
            <${RoleChoice}
                words=${words}
                value="technician"
                label=${words.role}
                testid="account-new-role"
                isDisabled=${false}
                choose=${null}
            />
        </label>
        <button class="primary" data-testid="account-submit" disabled=${desk.isBusy}>
            ${words.add}
        </button>
    </form>`;
}

/** @param {Drawn} drawn */
export function Deeds({ desk, words, language }) {
    /** @type {Record<string, string>} */
    const done = words.done;
    /** @type {Record<string, string>} */
    const roles = words.roles;
    return html`<section class="card">
        <p class="lead">${words.journal_lead}</p>
        <${Table}
            name=${words.tabs.deeds}
            heads=${[words.when, words.by, words.account, words.what]}
            rows=${desk.deeds.map((one, at) => ({
                key: `${one.at_ms}-${at}`,
                testid: "deed",
                cells: [
                    when(one.at_ms, language),
                    one.by,
                    one.account,
                    `${done[one.done] ?? one.done} ${roles[one.detail] ?? one.detail}`.trim(),
                ],
            }))}
        />
    </section>`;
}
