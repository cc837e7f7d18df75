// The sentences about what is stated of an engagement, and about documents, in both
// languages.

/** @typedef {import("./figures.js").Language} Language */

/**
 * @typedef {object} DossierWords
 * @property {string} title
 * @property {string} lead
 * @property {string} choose
 * @property {string} save
 * @property {string} saved
 * @property {string} nothing
 * @property {string} warned
 * @property {string} parked
 * @property {(amount: string, revision: number) => string} account
 * @property {(day: string) => string} refund
 * @property {string} no_account
 * @property {Readonly<Record<string, string>>} kinds
 * @property {Readonly<Record<string, string>>} fields
 * @property {Readonly<Record<string, string>>} channels
 * @property {Readonly<Record<string, string>>} causes
 * @property {string} papers
 * @property {string} papers_none
 * @property {(count: number) => string} papers_waiting
 * @property {(revision: number) => string} revision
 * @property {string} open
 * @property {string} download
 * @property {string} mark
 * @property {Readonly<Record<string, (to: string, day: string) => string>>} ways
 */

/** @type {Readonly<Record<Language, DossierWords>>} */
export const DOSSIER = Object.freeze({
    fr: {
        title: "Suivi et facturation",
        lead: "Ce qui s’est passé autour de la séance. Chaque ligne est gardée ; rien n’est effacé.",
        choose: "Noter…",
        save: "Enregistrer",
        saved: "C’est noté.",
        nothing: "Rien n’a été noté.",
        warned: "Retard de paiement signalé : une nouvelle intervention demandera pourquoi.",
        parked: "En attente : relisez, puis notez « Valider ».",
        account: (amount, revision) =>
            revision === 1 ? `Décompte : ${amount}` : `Décompte : ${amount} (révision ${revision})`,
        refund: (day) => `Remboursement éventuel : au plus tard le ${day}`,
        no_account: "Pas encore de décompte.",
        kinds: {
            reserves: "Réserves du client",
            withdrawn: "Rétractation",
            contact_attempt: "Essai de joindre le client",
            no_show: "Absence du client (projet à relire)",
            force_majeure: "Force majeure",
            performed: "Tout ce qui était convenu est fait",
            follow_up_of: "Même panne : garantie de dix jours",
            released: "Valider ce qui attend",
            minimum_due: "Demander le minimum",
            corrected: "Correction : retirer des unités",
            arrears: "Retard de paiement du client",
            arrears_lifted: "Retard de paiement : tout est en ordre",
            slot_confirmed: "Rendez-vous confirmé",
            early_start_requested: "Début anticipé demandé",
            loss_acknowledged: "Fin du droit de rétractation reconnue",
            outside: "Hors des heures ou du rendez-vous",
            arrears_overridden: "Accepté malgré un retard de paiement",
        },
        fields: {
            text: "Ce que le client a écrit",
            wording: "Ce que le client a dit",
            channel: "Par quel moyen",
            concluded: "Contrat conclu le",
            stated: "Rétractation dite le",
            consumer: "C’est un particulier",
            informed: "Il a été informé de son droit à temps",
            note: "Ce qui s’est passé",
            reason: "Pourquoi",
            less_units: "Unités à retirer",
            engagement: "Première intervention",
            performed: "Travail fait le",
            notified: "Panne signalée le",
            written: "Signalée par écrit",
            same_fault: "Panne identique",
            same_machine: "Même matériel",
            same_site: "Même site",
            reserves: "La première avait donné lieu à des réserves",
            cause: "Autre cause",
        },
        channels: { phone: "téléphone", email: "courrier électronique", post: "courrier" },
        causes: {
            "": "aucune",
            virus: "un virus",
            misuse: "une mauvaise manipulation",
            third_party: "l’intervention d’un tiers",
        },
        papers: "Documents",
        papers_none: "Aucun document.",
        papers_waiting: (count) => `À poster : ${count}`,
        revision: (revision) => `révision ${revision}`,
        open: "Ouvrir",
        download: "Télécharger",
        mark: "C’est posté",
        ways: {
            held: () => "projet, à relire",
            to_send: (to) => `part par courriel à ${to}`,
            sent: (to) => `envoyé à ${to}`,
            for_post: () => "à imprimer et à poster",
            posted: (_to, day) => `posté le ${day}`,
        },
    },
    en: {
        title: "Follow-up and billing",
        lead: "What happened around the session. Each line is kept; nothing is erased.",
        choose: "Note…",
        save: "Save",
        saved: "Noted.",
        nothing: "Nothing has been noted.",
        warned: "Marked as late: new work will ask why.",
        parked: "It waits: look at it, then note “Release”.",
        account: (amount, revision) =>
            revision === 1 ? `Account: ${amount}` : `Account: ${amount} (revision ${revision})`,
        refund: (day) => `A refund, if any, is due by ${day}`,
        no_account: "No account yet.",
        kinds: {
            reserves: "The customer’s reserves",
            withdrawn: "Withdrawal",
            contact_attempt: "Attempt to reach the customer",
            no_show: "Nobody came (a draft to look at)",
            force_majeure: "Force majeure",
            performed: "All that was agreed is done",
            follow_up_of: "The same fault: ten days’ guarantee",
            released: "Release what waits",
            minimum_due: "Ask for the minimum",
            corrected: "Correction: take units off",
            arrears: "The customer is late",
            arrears_lifted: "No longer late",
            slot_confirmed: "Appointment confirmed",
            early_start_requested: "Early start asked for",
            loss_acknowledged: "End of the right to withdraw acknowledged",
            outside: "Outside hours or appointment",
            arrears_overridden: "Agreed although the customer is late",
        },
        fields: {
            text: "What the customer wrote",
            wording: "What the customer said",
            channel: "By which means",
            concluded: "Contract concluded on",
            stated: "Withdrawn on",
            consumer: "A private person",
            informed: "Was told of the right in time",
            note: "What happened",
            reason: "Why",
            less_units: "Units to take off",
            engagement: "First engagement",
            performed: "Work done on",
            notified: "Fault told on",
            written: "Told in writing",
            same_fault: "The same fault",
            same_machine: "The same machine",
            same_site: "The same place",
            reserves: "There were reserves the first time",
            cause: "Another cause",
        },
        channels: { phone: "phone", email: "e-mail", post: "letter" },
        causes: { "": "none", virus: "a virus", misuse: "misuse", third_party: "somebody else’s work" },
        papers: "Documents",
        papers_none: "No documents.",
        papers_waiting: (count) => `To be posted: ${count}`,
        revision: (revision) => `revision ${revision}`,
        open: "Open",
        download: "Download",
        mark: "It is posted",
        ways: {
            held: () => "draft, to be looked at",
            to_send: (to) => `goes to ${to} by e-mail`,
            sent: (to) => `sent to ${to}`,
            for_post: () => "to be printed and posted",
            posted: (_to, day) => `posted on ${day}`,
        },
    },
});
