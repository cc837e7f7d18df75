// The sentences about chat, clipboard, marks and the summary of the machine, in both
// languages.

/** @typedef {import("./figures.js").Language} Language */
/** @typedef {import("../together/chat.js").Fate} Fate */

/**
 * @typedef {object} TogetherWords
 * @property {(unread: number) => string} talk
 * @property {string} talk_close
 * @property {(customer: string) => string} talk_empty
 * @property {string} talk_messages
 * @property {string} talk_you
 * @property {string} talk_field
 * @property {string} talk_send
 * @property {string} talk_hint
 * @property {string} talk_closed
 * @property {(who: string, text: string) => string} talk_new
 * @property {Readonly<Record<Fate, string>>} fates
 * @property {string} clip
 * @property {(customer: string) => string} clip_hint
 * @property {(customer: string) => string} clip_ask
 * @property {(customer: string) => string} clip_waiting
 * @property {(customer: string) => string} clip_refused
 * @property {(customer: string) => string} clip_got
 * @property {string} clip_copy
 * @property {string} clip_copied
 * @property {string} clip_away
 * @property {(customer: string) => string} clip_text
 * @property {(customer: string) => string} clip_offer
 * @property {(customer: string) => string} clip_offer_waiting
 * @property {(customer: string) => string} clip_offer_yes
 * @property {(customer: string) => string} clip_offer_no
 * @property {string} clip_too_long
 * @property {string} machine
 * @property {(customer: string) => string} machine_hint
 * @property {string} machine_ask
 * @property {(customer: string) => string} machine_waiting
 * @property {(customer: string) => string} machine_refused
 * @property {string} machine_copy
 * @property {string} machine_copied
 * @property {string} shot
 * @property {(customer: string) => string} shot_hint
 * @property {string} pen
 * @property {string} pen_on
 * @property {string} pen_clear
 * @property {string} pen_label
 */

/** @type {Readonly<Record<Language, TogetherWords>>} */
export const TOGETHER = Object.freeze({
    fr: {
        talk: (unread) => (unread > 0 ? `Discuter (${unread})` : "Discuter"),
        talk_close: "Fermer",
        talk_empty: (customer) =>
            `Écrivez à ${customer}. Rien n’est enregistré : tout s’efface à la fin.`,
        talk_messages: "Messages",
        talk_you: "Vous",
        talk_field: "Votre message",
        talk_send: "Envoyer",
        talk_hint: "Entrée envoie, Maj+Entrée passe à la ligne.",
        talk_closed: "Pas de liaison : cela partira dès qu’elle revient.",
        talk_new: (who, text) => `${who} écrit : ${text}`,
        fates: { said: "envoyé", arrived: "arrivé", seen: "lu" },
        clip: "Presse-papiers",
        clip_hint: (customer) =>
            `Du texte seulement. ${customer} voit chaque texte et accepte d’abord.`,
        clip_ask: (customer) => `Demander le texte copié par ${customer}`,
        clip_waiting: (customer) => `En attente de l’accord de ${customer}…`,
        clip_refused: (customer) => `${customer} n’a pas envoyé de texte.`,
        clip_got: (customer) => `Texte envoyé par ${customer}`,
        clip_copy: "Copier",
        clip_copied: "Copié",
        clip_away: "Effacer d’ici",
        clip_text: (customer) => `Texte pour ${customer}`,
        clip_offer: (customer) => `Proposer ce texte à ${customer}`,
        clip_offer_waiting: (customer) => `${customer} n’a pas encore répondu…`,
        clip_offer_yes: (customer) => `${customer} a accepté : le texte peut être collé.`,
        clip_offer_no: (customer) => `${customer} n’a pas voulu de ce texte.`,
        clip_too_long: "Rien à envoyer, ou plus de 64 Kio.",
        machine: "Cet ordinateur",
        machine_hint: (customer) =>
            `${customer} voit d’abord ce qui part. Rien n’est gardé, sauf dans vos notes.`,
        machine_ask: "Demander le résumé",
        machine_waiting: (customer) => `En attente de l’accord de ${customer}…`,
        machine_refused: (customer) => `${customer} a préféré ne pas l’envoyer.`,
        machine_copy: "Copier pour les notes",
        machine_copied: "Copié : collez-le dans les notes",
        shot: "Garder une image",
        shot_hint: (customer) => `${customer} en est averti, et c’est inscrit au journal.`,
        pen: "Montrer du doigt",
        pen_on: "Ne plus montrer",
        pen_clear: "Effacer les traits",
        pen_label: "Dessinez sur l’écran : les traits s’effacent d’eux-mêmes",
    },
    en: {
        talk: (unread) => (unread > 0 ? `Chat (${unread})` : "Chat"),
        talk_close: "Close",
        talk_empty: (customer) =>
            `Write to ${customer}. Nothing is kept: all of it is gone at the end.`,
        talk_messages: "Messages",
        talk_you: "You",
        talk_field: "Your message",
        talk_send: "Send",
        talk_hint: "Enter sends, Shift+Enter begins a line.",
        talk_closed: "No connection: this goes as soon as it is back.",
        talk_new: (who, text) => `${who} writes: ${text}`,
        fates: { said: "sent", arrived: "arrived", seen: "read" },
        clip: "Clipboard",
        clip_hint: (customer) => `Text only. ${customer} sees each text and agrees first.`,
        clip_ask: (customer) => `Ask for the text that ${customer} copied`,
        clip_waiting: (customer) => `Waiting for ${customer}’s yes…`,
        clip_refused: (customer) => `${customer} sent no text.`,
        clip_got: (customer) => `Text sent by ${customer}`,
        clip_copy: "Copy",
        clip_copied: "Copied",
        clip_away: "Clear from here",
        clip_text: (customer) => `Text for ${customer}`,
        clip_offer: (customer) => `Offer this text to ${customer}`,
        clip_offer_waiting: (customer) => `${customer} has not answered yet…`,
        clip_offer_yes: (customer) => `${customer} agreed: the text can be pasted.`,
        clip_offer_no: (customer) => `${customer} did not want this text.`,
        clip_too_long: "Nothing to send, or more than 64 KiB.",
        machine: "This computer",
        machine_hint: (customer) =>
            `${customer} sees first what is sent. Nothing is kept, but in your notes.`,
        machine_ask: "Ask for the summary",
        machine_waiting: (customer) => `Waiting for ${customer}’s yes…`,
        machine_refused: (customer) => `${customer} would rather not send it.`,
        machine_copy: "Copy for the notes",
        machine_copied: "Copied: paste it into the notes",
        shot: "Keep a picture",
        shot_hint: (customer) => `${customer} is told, and it stands in the journal.`,
        pen: "Point at things",
        pen_on: "Stop pointing",
        pen_clear: "Clear the lines",
        pen_label: "Draw on the screen: the lines go by themselves",
    },
});
