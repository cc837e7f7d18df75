// The one-time code: nameplate, secret, check digit; spoken as NNN SSS SSC. The
// same as shared/cordee_shared/code.py; shared/vectors/code.json keeps the two
// honest.

import { CodeMistyped } from "./errors.js";

/** @typedef {{ readonly nameplate: string, readonly secret: string }} Code */

/** Routing half, given by the relay. */
export const NAMEPLATE_DIGITS = 3;
/** Secret half, drawn here when the console invites; it never leaves the page. */
export const SECRET_DIGITS = 5;

const SECRETS = 10 ** SECRET_DIGITS;

// Damm's quasigroup of order 10 (H. M. Damm, 2004): finds every single wrong digit
// and every swap of neighbours.
const DAMM = [
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
];

// What people put between groups; anything else is a mistake worth showing.
const IGNORED = /[ \t\r\n.\-\u00a0\u202f\u2009]/g;

/**
 * @param {string} digits
 * @returns {number} Damm's check digit
 */
export function checkDigit(digits) {
    let interim = 0;
    for (const digit of digits) interim = Number(DAMM[interim]?.[Number(digit)]);
    return interim;
}

/**
 * The code in groups of three, as shown and said.
 *
 * @param {Code} code
 */
export function spoken(code) {
    const digits = code.nameplate + code.secret;
    const groups = `${digits}${checkDigit(digits)}`.match(/.{1,3}/g);
    return groups?.join(" ") ?? "";
}

/**
 * Read what somebody typed or pasted; spaces, dots and dashes do not count.
 *
 * @param {string} text
 * @returns {Code}
 * @throws {CodeMistyped} nothing has been sent, the code is still good
 */
export function readCode(text) {
    const digits = text.replace(IGNORED, "");
    if (
        digits.length !== NAMEPLATE_DIGITS + SECRET_DIGITS + 1 ||
        !/^[0-9]+$/.test(digits)
    ) {
        throw new CodeMistyped("a code has nine digits");
    }
    if (checkDigit(digits) !== 0) throw new CodeMistyped("one digit is not right");
    return {
        nameplate: digits.slice(0, NAMEPLATE_DIGITS),
        secret: digits.slice(NAMEPLATE_DIGITS, -1),
    };
}

/**
 * Write a number drawn below 10^5 as the secret's five digits.
 *
 * @param {number} draw
 */
export function secretFrom(draw) {
    if (!Number.isInteger(draw) || draw < 0 || draw >= SECRETS) {
        throw new RangeError("the secret is drawn below 10^5");
    }
    return String(draw).padStart(SECRET_DIGITS, "0");
}

/**
 * Draw a secret, each as likely as any other.
 *
 * @param {() => number} [draw] 32 random bits
 */
export function drawSecret(draw = draw32) {
    // 2^32 is no multiple of 10^5: what lies above the last whole one is drawn
    // again, or low secrets would come up more often.
    const whole = 2 ** 32 - (2 ** 32 % SECRETS);
    let drawn = draw();
    while (drawn >= whole) drawn = draw();
    return secretFrom(drawn % SECRETS);
}

function draw32() {
    return Number(crypto.getRandomValues(new Uint32Array(1))[0]);
}
