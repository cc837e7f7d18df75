// Starts the picture worker under `require-trusted-types-for 'script'`: the one
// policy of this page, for the one address that may become a worker.

const ADDRESS = new URL("./worker.js", import.meta.url).href;

/** Name of the policy, as the Content-Security-Policy header allows it. */
export const POLICY = "cordee-worker";

/**
 * @typedef {{ createScriptURL: (address: string) => string }} Policy
 * @typedef {{ createPolicy: (name: string, rules: Policy) => Policy }} Factory
 */

/** @type {Policy | null} */
let policy = null;

/**
 * @param {string} address
 * @returns {string} the same, as something a worker may be started from
 */
export function trusted(address) {
    const { trustedTypes } = /** @type {{ trustedTypes?: Factory }} */ (globalThis);
    // A policy's name may be used once in a page's life.
    policy ??= trustedTypes?.createPolicy(POLICY, { createScriptURL: onlyOurs }) ?? {
        createScriptURL: onlyOurs,
    };
    return policy.createScriptURL(address);
}

/** @param {string} address */
function onlyOurs(address) {
    if (address !== ADDRESS) throw new TypeError("only the picture worker is started");
    return address;
}

/** @returns {Worker} */
export function startWorker() {
    return new Worker(trusted(ADDRESS), { type: "module", name: "cordee pictures" });
}
