// What a customer is sent: a way to the download page, and never a digit of a code.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SMS_MAX, invitation } from "../../server/cordee_server/console/invitation.js";
import { INVITING } from "../../server/cordee_server/console/text/inviting.js";

const WHO = {
    organisation: "Micro-Alpes",
    phone: "04 79 07 11 96",
    origin: "https://aide.micro-alpes.fr",
    display_name: "Claire Martin",
};
/** GSM 03.38: one character more, and a message is cut into pieces of 67. */
const SMALL_ALPHABET = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n]*$/;

for (const language of /** @type {const} */ (["fr", "en"])) {
    test(`an invitation in ${language} leads to the page in that language`, () => {
        const made = invitation(WHO, language);
        assert.equal(made.link, `https://aide.micro-alpes.fr/?lang=${language}`);
        for (const text of [made.email, made.sms]) {
            assert.ok(text.includes(made.link));
            assert.ok(text.includes(WHO.phone));
            assert.ok(text.includes(WHO.organisation));
        }
        assert.ok(made.email.includes(WHO.display_name));
    });

    test(`S-09 an invitation in ${language} holds no digits but the telephone's`, () => {
        const { link, subject, email, sms } = invitation(WHO, language);
        for (const text of [link, subject, email, sms]) {
            assert.equal(text.replaceAll(WHO.phone, "").replace(/\D/g, ""), "");
        }
    });

    test(`a text message in ${language} goes in one piece`, () => {
        const { sms } = invitation(WHO, language);
        assert.ok(sms.length <= SMS_MAX, `${sms.length}: ${sms}`);
        assert.match(sms, SMALL_ALPHABET);
    });
}

test("both languages name everything", () => {
    assert.deepEqual(Object.keys(INVITING.fr).sort(), Object.keys(INVITING.en).sort());
    for (const words of Object.values(INVITING)) {
        assert.match(words.copy_label("x"), /x/);
        assert.match(words.was_copied("x"), /x/);
    }
});
