// Les phrases du bureau du technicien : l’écran, le clavier, la journée, l’historique.

import { rate, trip } from "./figures.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @type {Desk} */
export const desk = {
    // --- l'écran distant ---
    look: "Affichage",
    look_size: "Taille",
    look_pan: "Plus grand que la fenêtre\u00a0: faites glisser l’image, ou touchez le bord quand vous avez la main.",
    fit: "Ajuster",
    one_to_one: "Taille réelle",
    zoom: "Agrandissement",
    zoom_in: "Agrandir",
    zoom_out: "Réduire",
    monitors: "Écrans",
    monitor_all: "Tous",
    monitor: (number, isPrimary, size) =>
        `Écran ${number}${isPrimary ? ", le principal" : ""}, ${size}`,
    prefers: "Sur une ligne lente",
    prefers_quick: "Rapide d’abord",
    prefers_sharp: "Net d’abord",
    prefers_quick_hint: "Photos et films arrivent vite, d’abord flous\u00a0; ce qui ne bouge plus devient exact.",
    prefers_sharp_hint: "Chaque image est exacte dès qu’elle paraît\u00a0; photos et films mettent plus longtemps.",
    full_screen: "Plein écran",
    full_screen_leave: "Quitter le plein écran",
    full_screen_hint: "La bande qui dit qui a la main reste visible.",
    full_screen_locked: "Toutes les touches vont au client. Maintenez Échap pour sortir.",
    line_words: (tripMs, rateKbit) => {
        const quick = tripMs < 100 ? "rapide" : tripMs < 250 ? "correcte" : "lente";
        const carries = rateKbit > 0 ? `, ${rate(rateKbit, "fr")}` : "";
        return `Ligne ${quick}\u00a0: réponse en ${trip(tripMs, "fr")}${carries}`;
    },
    line_hint: "Aller-retour jusqu’à l’ordinateur du client, et débit mesuré de sa ligne.",
    line_advice: [
        "Rien n’arrive pour l’instant.",
        "Patientez après chaque geste\u00a0: l’image suit avec retard.",
        "Gestes simples, un à la fois.",
        "Tout va bien\u00a0; seuls les films sautent.",
        "Comme si vous étiez assis à côté.",
    ],
    line_quiet: (seconds) => `Rien reçu depuis ${seconds}\u00a0s. On attend la ligne du client…`,
    time_waiting: "Attendu",
    cost_so_far: "Jusqu’ici",
    cost_hint: "Ce que le relais facturerait si la séance finissait maintenant, par les règles de la facture.",

    // --- les touches ---
    keys: "Touches",
    key_names: {
        cad: "Ctrl + Alt + Suppr",
        meta: "Touche Windows",
        alt_tab: "Alt + Tab",
        alt_f4: "Alt + F4",
        task: "Ctrl + Maj + Échap",
        close_tab: "Ctrl + W",
        print: "Impr. écran",
        escape: "Échap",
        full: "F11",
        menu: "Touche Menu",
    },
    keyboard: "Écrire au clavier",
    way_out: "Ctrl + Alt + Maj\u00a0: quitter l’écran distant",
    type_open: "Taper un texte",
    type_password: "Un mot de passe\u00a0?",
    type_password_why: (customer) =>
        `${customer} le tape sur son propre clavier. Vous n’avez pas à le connaître.`,
    type_hand_back: (customer) => `Rendre la main à ${customer}`,
    type_label: "Autre chose qu’un mot de passe",
    type_hint: "Le texte est tapé là où se trouve le curseur du client. La console n’en garde rien.",
    type_done: "Envoyé.",
    type_submit: "Taper ce texte",

    // --- la journée ---
    customers_waiting: (customers) =>
        customers === 1
            ? "Un client attend, son code à l’écran."
            : `${customers} clients attendent, leur code à l’écran.`,
    customer_came: (customer) => `${customer} est là.`,
    notices_ask: "Me prévenir quand un client attend",
    live_title: "En ce moment",
    with_you: "avec vous",
    with_technician: (name) => `avec ${name}`,
    states: {
        pairing: "vérification du code",
        consenting: "lit la demande",
        viewing: "écran vu",
        controlling: "pris en main",
        reclaimed: "main reprise",
        paused: "écran masqué",
        interrupted: "liaison coupée",
    },
    invited_title: "Invitations en attente",
    invited_by: (name) => `code dicté par ${name}`,
    slots_title: "Rendez-vous",
    slot: (day, from, until) => `${day}, de ${from} à ${until}`,
    lacking_title: "Sans justificatif",
    lacking_make: "Faire le justificatif (PDF)",
    lacking_make_for: (customer) => `Faire le justificatif de ${customer} (PDF)`,
};
