// The sentences of the page of what was, in both languages.

import { clock } from "../text/figures.js";

const STATES_FR = {
    waiting: "code en attente",
    pairing: "vérification",
    consenting: "lecture",
    viewing: "vu",
    controlling: "aidé",
    reclaimed: "repris",
    paused: "masqué",
    interrupted: "coupé",
    ended: "terminé",
};
const STATES_EN = {
    waiting: "code waiting",
    pairing: "checking",
    consenting: "reading",
    viewing: "seen",
    controlling: "helped",
    reclaimed: "taken back",
    paused: "hidden",
    interrupted: "cut",
    ended: "ended",
};

/** @typedef {typeof fr} PastWords */

const fr = {
    title: "Historique",
    to_console: "Retour à la console",
    text: "Client, objet ou technicien",
    from: "Du",
    until: "Au",
    submit: "Chercher",
    none: "Aucune séance ne correspond.",
    list: "Séances trouvées",
    heads: ["Début", "Client", "Objet", "Technicien", "Vu", "Aidé", "Fin", ""],
    open: "Voir",
    open_label: (/** @type {string} */ customer) => `Voir la séance de ${customer}`,
    back: "Retour à la liste",
    line: "La séance le long du temps",
    mark_heads: ["N°", "Instant", "Qui", "Quoi", "Empreinte de l’entrée"],
    marks: "Chaque entrée du journal",
    band_heads: ["État", "Durée"],
    bands: "Durée de chaque état, dans l’ordre",
    late: "arrivé trop tard, sans effet",
    sides: { customer: "client", technician: "technicien", relay: "relais" },
    states: STATES_FR,
    month: "Le mois en CSV",
    month_submit: "Télécharger",
    charts: "En un coup d’œil",
    by_reason: "Fins, par raison",
    by_day: "Séances par jour",
    lengths: (/** @type {number} */ seen, /** @type {number} */ waited) =>
        `Durée médiane\u00a0: ${clock(seen)}. Attente médiane avant l’écran\u00a0: ${clock(waited)}.`,
    living: "en cours",
    customer: "Le client",
    problems: {
        bad_day: "Cette date n’existe pas.",
        refused: "Le relais a refusé. Rechargez la page.",
        unreachable: "Le relais ne répond pas.",
    },
};

/** @type {PastWords} */
const en = {
    title: "History",
    to_console: "Back to the console",
    text: "Customer, purpose or technician",
    from: "From",
    until: "Until",
    submit: "Search",
    none: "No session fits.",
    list: "Sessions found",
    heads: ["Begun", "Customer", "Purpose", "Technician", "Seen", "Helped", "End", ""],
    open: "Show",
    open_label: (customer) => `Show the session with ${customer}`,
    back: "Back to the list",
    line: "The session along its time",
    mark_heads: ["No.", "Moment", "Who", "What", "Hash of the entry"],
    marks: "Every entry of the journal",
    band_heads: ["State", "Length"],
    bands: "Length of each state, in order",
    late: "came too late, without effect",
    sides: { customer: "customer", technician: "technician", relay: "relay" },
    states: STATES_EN,
    month: "The month as CSV",
    month_submit: "Download",
    charts: "At a glance",
    by_reason: "Ends, by reason",
    by_day: "Sessions a day",
    lengths: (seen, waited) =>
        `Median length: ${clock(seen)}. Median wait for the screen: ${clock(waited)}.`,
    living: "under way",
    customer: "The customer",
    problems: {
        bad_day: "There is no such day.",
        refused: "The relay refused. Reload the page.",
        unreachable: "The relay does not answer.",
    },
};

/** @type {Record<import("../text/figures.js").Language, PastWords>} */
export const PAST = { fr, en };
