// The words that lead a customer to the download page: a link, an e-mail, an SMS, in the
// customer's language. None of them ever holds a digit of a code (S-09): this module
// knows none.

/** @typedef {import("./text/figures.js").Language} Language */
/** @typedef {{ organisation: string, phone: string, origin: string,
 *     display_name: string }} Inviting */
/** @typedef {{ link: string, subject: string, email: string, sms: string }} Invitation */

/** A text message's length in one piece, in characters of its own small alphabet. */
export const SMS_MAX = 160;

/** @type {Record<Language, (who: Inviting, link: string) => Invitation>} */
const IN = {
    fr: (who, link) => ({
        link,
        subject: `Votre aide à distance avec ${who.organisation}`,
        email:
            "Bonjour,\n\n" +
            `Pour que ${who.display_name} (${who.organisation}) puisse vous aider à distance, ` +
            "ouvrez cette page sur l’ordinateur à dépanner\u00a0:\n\n" +
            `${link}\n\n` +
            "Téléchargez le petit programme et ouvrez-le. Le code à taper vous sera dit au " +
            "téléphone, jamais par écrit.\n\n" +
            `Une question\u00a0? ${who.phone}\n\n${who.organisation}`,
        sms:
            `${who.organisation}: ouvrez ${link} sur l'ordinateur à dépanner. ` +
            `Le code vous sera dit au téléphone (${who.phone}).`,
    }),
    en: (who, link) => ({
        link,
        subject: `Your remote help with ${who.organisation}`,
        email:
            "Hello,\n\n" +
            `So that ${who.display_name} (${who.organisation}) can help you from a distance, ` +
            "please open this page on the computer that needs help:\n\n" +
            `${link}\n\n` +
            "Download the small program and open it. You will be told the code to type on " +
            "the phone, never in writing.\n\n" +
            `Any question? ${who.phone}\n\n${who.organisation}`,
        sms:
            `${who.organisation}: open ${link} on the computer that needs help. ` +
            `You will be told the code on the phone (${who.phone}).`,
    }),
};

/**
 * @param {Inviting} who
 * @param {Language} language the customer's
 * @returns {Invitation}
 */
export function invitation(who, language) {
    return IN[language](who, `${who.origin}/?lang=${language}`);
}
