// What stands around the texts of an invitation; the texts themselves are in the
// customer's language, in ../invitation.js.

/** @typedef {{ title: string, lead: string, language: string, link: string, sms: string,
 *     email: string, copy: string, copied: string,
 *     copy_label: (what: string) => string,
 *     was_copied: (what: string) => string }} InvitingWords */

/** @type {Record<import("./figures.js").Language, InvitingWords>} */
export const INVITING = {
    fr: {
        title: "Envoyer le lien de téléchargement",
        lead: "Prêt à copier. Le code, lui, se dit au téléphone\u00a0: il n’est dans aucun de ces textes.",
        language: "Langue du client",
        link: "Lien",
        sms: "SMS",
        email: "Courrier électronique",
        copy: "Copier",
        copied: "Copié",
        copy_label: (what) => `Copier\u00a0: ${what}`,
        was_copied: (what) => `${what}\u00a0: copié`,
    },
    en: {
        title: "Send the download link",
        lead: "Ready to copy. The code is told on the phone: it is in none of these texts.",
        language: "The customer’s language",
        link: "Link",
        sms: "SMS",
        email: "E-mail",
        copy: "Copy",
        copied: "Copied",
        copy_label: (what) => `Copy: ${what}`,
        was_copied: (what) => `${what}: copied`,
    },
};
