// The sentences about files, in both languages.

/** @typedef {import("./figures.js").Language} Language */

/**
 * @typedef {object} FileWords
 * @property {(asked: number) => string} title
 * @property {(customer: string) => string} hint
 * @property {string} offer
 * @property {(customer: string) => string} want
 * @property {(customer: string) => string} wanting
 * @property {(customer: string) => string} drop
 * @property {string} clear
 * @property {string} save
 * @property {string} refuse
 * @property {string} stop
 * @property {(customer: string, name: string, size: string) => string} offered
 * @property {(name: string) => string} progress
 * @property {(bytes: number) => string} size
 * @property {(customer: string) => string} asked
 * @property {(rate: string, left: string) => string} moving
 * @property {string} starting
 * @property {string} sent
 * @property {string} received
 * @property {Readonly<Record<import("../wire/files.js").Why, string>>} why
 */

/**
 * @param {string} locale
 * @param {readonly string[]} units
 * @returns {(bytes: number) => string}
 */
function sizes(locale, units) {
    return (bytes) => {
        let unit = 0;
        let left = bytes;
        while (left >= 1000 && unit < units.length - 1) {
            left /= 1000;
            unit += 1;
        }
        const digits = unit === 0 || left >= 100 ? 0 : 1;
        const number = new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
        return `${number.format(left)}\u00a0${units[unit]}`;
    };
}

/** @type {Readonly<Record<Language, FileWords>>} */
export const FILES = Object.freeze({
    fr: {
        title: (asked) => (asked > 0 ? `Fichiers (${asked} à recevoir)` : "Fichiers"),
        hint: (customer) =>
            `${customer} accepte ou refuse chaque fichier. Rien n’est ouvert tout seul.`,
        offer: "Proposer des fichiers…",
        want: (customer) => `Demander un fichier à ${customer}`,
        wanting: (customer) => `${customer} choisit un fichier…`,
        drop: (customer) => `Déposez ici pour proposer à ${customer}`,
        clear: "Effacer ce qui est fini",
        save: "Enregistrer",
        refuse: "Refuser",
        stop: "Annuler",
        offered: (customer, name, size) => `${customer} propose ${name} (${size}).`,
        progress: (name) => `Avancement de ${name}`,
        size: sizes("fr-FR", ["octets", "ko", "Mo", "Go", "To"]),
        asked: (customer) => `En attente de l’accord de ${customer}`,
        moving: (rate, left) => `${rate}/s, encore ${left}`,
        starting: "En cours",
        sent: "Reçu et vérifié chez le client",
        received: "Reçu et vérifié",
        why: {
            refused: "Refusé",
            expired: "Sans réponse : ce n’est pas un accord",
            cancelled: "Annulé",
            changed: "Le fichier a changé ou n’est plus lisible",
            damaged: "Le fichier reçu n’était pas identique : il n’a pas été gardé",
            disk: "Plus assez de place, ou dossier fermé à l’écriture",
            name: "Ce nom n’est pas permis : renommez le fichier",
            busy: "Trop de fichiers attendent déjà une réponse",
        },
    },
    en: {
        title: (asked) => (asked > 0 ? `Files (${asked} to receive)` : "Files"),
        hint: (customer) => `${customer} accepts or refuses each file. Nothing opens by itself.`,
        offer: "Offer files…",
        want: (customer) => `Ask ${customer} for a file`,
        wanting: (customer) => `${customer} is choosing a file…`,
        drop: (customer) => `Drop here to offer to ${customer}`,
        clear: "Clear what is done",
        save: "Save",
        refuse: "Refuse",
        stop: "Cancel",
        offered: (customer, name, size) => `${customer} offers ${name} (${size}).`,
        progress: (name) => `Progress of ${name}`,
        size: sizes("en-GB", ["bytes", "kB", "MB", "GB", "TB"]),
        asked: (customer) => `Waiting for ${customer}’s yes`,
        moving: (rate, left) => `${rate}/s, ${left} left`,
        starting: "Under way",
        sent: "Received and checked at the customer’s",
        received: "Received and checked",
        why: {
            refused: "Refused",
            expired: "No answer: that is no yes",
            cancelled: "Cancelled",
            changed: "The file has changed or cannot be read any more",
            damaged: "What arrived was not the same: it was not kept",
            disk: "Not enough room, or the folder cannot be written to",
            name: "This name is not allowed: rename the file",
            busy: "Too many files wait for an answer already",
        },
    },
});
