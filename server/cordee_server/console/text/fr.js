// Toutes les phrases de la console, en français. Mêmes clés que en.js : un test y
// veille. \u00a0 est l’espace insécable de la typographie française.

import { clock, rate, span, spokenTime, trip } from "./figures.js";

/** @typedef {import("./words.js").Words} Words */

/** @type {Words} */
export const fr = {
    language: "Français",
    product: "Cordée",
    tagline: "Assistance à distance, chaque geste consenti.",
    loading: "Un instant…",
    signed_in_as: (name) => `Connecté\u00a0: ${name}`,
    sign_out: "Se déconnecter",
    close: "Fermer",
    cancel: "Annuler",
    retry: "Réessayer",

    // --- se connecter ---
    login_title: "Connexion",
    login_lead: "Réservé aux techniciens.",
    login_name: "Nom",
    login_password: "Mot de passe",
    login_totp: "Code de votre application",
    login_totp_hint: "6 chiffres, renouvelés toutes les 30 secondes",
    login_submit: "Se connecter",
    login_busy: "Vérification…",

    // --- aujourd'hui ---
    today_title: "Aujourd’hui",
    today_none: "Aucune intervention pour le moment.",
    today_none_hint: "Notez ce qui a été convenu au téléphone, puis invitez le client.",
    today_open: "Aider",
    today_open_label: (customer) => `Aider ${customer}`,
    earlier_title: "Plus tôt",
    new_title: "Nouvelle intervention",
    new_lead: "Ce que le client a accepté au téléphone. Il le relira avant d’accepter.",
    new_customer: "Client",
    new_customer_hint: "Mme Durand",
    new_purpose: "Pour quoi",
    new_purpose_hint: "L’imprimante n’imprime plus",
    new_tariff: "Tarif",
    new_submit: "Continuer",
    new_busy: "Enregistrement…",
    tariff_rule: (price, unitS, minimumS) =>
        `${price} par ${unitS === 3600 ? "heure" : `tranche de ${span(unitS)}`} commencée` +
        `${minimumS > unitS ? `, minimum ${span(minimumS)}` : ""}`,
    no_tariffs: "Aucun tarif n’est réglé sur ce relais. Demandez à votre responsable.",

    // --- inviter ---
    back_today: "Retour à aujourd’hui",
    meet_title: (customer) => `Rejoindre ${customer}`,
    invite_title: "Dicter un code",
    invite_lead: (customer) =>
        `${customer} ouvre Cordée sur son ordinateur et tape le code que vous dictez.`,
    invite_submit: "Obtenir un code",
    invite_busy: "Demande en cours…",
    code_title: "Dictez ce code",
    code_lead: (customer) => `Chiffre par chiffre. ${customer} le tape dans la fenêtre Cordée.`,
    code_left: (seconds) => `Valable encore ${spokenTime(seconds)}`,
    code_runs: (left) =>
        left === 1
            ? "Un essai a échoué. Il en reste un\u00a0: redites le code chiffre par chiffre."
            : `Un essai a échoué. Il en reste ${left}\u00a0: redites le code chiffre par chiffre.`,
    code_waiting: (customer) => `En attente de ${customer}…`,
    claim_title: "Taper le code du client",
    claim_lead: (customer) => `${customer} vous lit les neuf chiffres affichés sur son écran.`,
    claim_label: "Code du client",
    claim_hint: "9 chiffres",
    claim_submit: "Rejoindre",
    claim_busy: "Recherche…",
    or: "ou",

    // --- attendre ---
    pairing_title: "Vérification du code",
    pairing_lead: "Les deux ordinateurs s’accordent sur une clé que personne d’autre ne connaît.",
    reading_title: (customer) => `${customer} lit votre demande…`,
    reading_lead: "Rien n’est visible avant son accord. Sans réponse, c’est non.",
    reading_left: (seconds) => `Reste ${spokenTime(seconds)}`,
    asked_for: "Votre demande",
    step_code: "Code vérifié",
    step_read: (customer) => `Accord de ${customer}`,
    step_see: "Vous voyez l’écran",

    // --- aider ---
    mode_waiting: (customer) => `${customer} lit votre demande`,
    mode_viewing: (customer) => `Vous voyez l’écran de ${customer}`,
    mode_controlling: (customer) => `Vous avez la main chez ${customer}`,
    mode_reclaimed: (customer) => `${customer} a repris la main`,
    mode_paused: (customer) => `${customer} a masqué l’écran`,
    mode_interrupted: "Liaison coupée",
    mode_ended: "Séance terminée",
    hint_viewing: "Vous regardez. Souris et clavier restent à la disposition du client.",
    hint_controlling: "Vous agissez sur son ordinateur. Le moindre mouvement de sa souris arrête tout.",
    hint_reclaimed: "Demandez-lui quand vous voudrez continuer.",
    hint_paused: "L’écran reviendra quand il sera de nouveau montré.",
    hint_link_own: "Votre liaison est coupée. La console se reconnecte…",
    hint_link_peer: (customer) => `La liaison de ${customer} est coupée. On attend son retour…`,
    hint_asking: (customer, left) => `${customer} lit votre demande de prise en main\u00a0: ${left}`,
    time_viewing: "Vu",
    time_controlling: "Aidé",
    time_reclaimed: "Repris",
    time_paused: "Masqué",
    time_interrupted: "Coupé",
    time_consenting: "Attente",
    ask_control: "Demander la main",
    asking_control: "Demande envoyée…",
    release_control: "Rendre la main",
    end: "Terminer",
    end_question: (customer) => `Terminer la séance avec ${customer}\u00a0?`,
    end_yes: "Oui, terminer",
    end_no: "Continuer",
    interrupt: "Interrompre…",
    interrupt_why: "Pourquoi interrompre\u00a0?",
    interrupt_choose: "Choisissez la cause",
    interrupt_yes: "Interrompre",
    interruptions: {
        undisclosed_modification: "Modification non signalée de l’ordinateur",
        missing_licence: "Licence manquante",
        unsafe: "Continuer serait risqué",
        other: "Autre cause, du côté du client",
        own_fault: "Notre faute\u00a0: panne ou erreur de rendez-vous",
    },
    fit: "Ajuster",
    one_to_one: "Taille réelle",
    keys: "Touches",
    key_cad: "Ctrl + Alt + Suppr",
    key_meta: "Touche Windows",
    key_alt_tab: "Alt + Tab",
    full_screen: "Plein écran",
    screen_label: (customer) => `Écran de ${customer}`,
    keys_label: (customer) =>
        `Clavier de ${customer}. Ctrl, Alt et Maj ensemble pour revenir à la console.`,
    cover_paused: (customer) => `${customer} a masqué son écran.`,
    cover_interrupted: "L’image s’est arrêtée avec la liaison.",
    cover_loading: "L’image arrive…",
    picture_lost: "L’image ne peut pas être affichée dans ce navigateur.",
    way_out: "Ctrl + Alt + Maj\u00a0: quitter l’écran distant",
    line_words: (tripMs, rateKbit) => {
        const quick = tripMs < 100 ? "rapide" : tripMs < 250 ? "correcte" : "lente";
        const carries = rateKbit > 0 ? `, ${rate(rateKbit, "fr")}` : "";
        return `Ligne ${quick}\u00a0: réponse en ${trip(tripMs, "fr")}${carries}`;
    },
    line_hint: "Aller-retour jusqu’à l’ordinateur du client, et débit mesuré de sa ligne.",
    picture_sharp: "Image nette",
    picture_rough: "L’image se précise…",
    picture_hint: "Un petit coin gris marque ce qui n’est pas encore exact.",

    // --- refus du client ---
    refused_control_no: (customer) => `${customer} garde la main. Expliquez de vive voix, puis redemandez.`,
    refused_control_timeout: (customer) => `${customer} n’a pas répondu\u00a0: c’est non. Vous pouvez redemander.`,

    // --- fin ---
    ended_title: "La séance est terminée",
    ended_safe: (customer) => `Vous ne voyez plus rien et ne pouvez plus rien toucher chez ${customer}.`,
    ended_duration: "Durée",
    ended_helped: "Prise en main",
    ended_billed: "À facturer",
    ended_units: (units, time) => `${units}\u00a0×\u00a0${time}`,
    ended_unbilled: "Rien à facturer",
    ended_bill_wait: "Le décompte arrive…",
    ended_bill_none: "Le décompte figurera au journal.",
    ended_record: "Référence",
    ended_again: "Reprendre cette intervention",
    ended_today: "Retour à aujourd’hui",

    // --- relais ---
    relay_down: "Le relais ne répond pas. La console réessaie toute seule.",
    relay_changed_title: "Ce relais n’est plus celui que ce navigateur connaît",
    relay_changed: "Sa clé a changé. Si personne ne vous a prévenu, n’aidez personne d’ici et appelez votre responsable.",
    relay_known: (print) => `Connue\u00a0: ${print}`,
    relay_now: (print) => `Présentée\u00a0: ${print}`,
    relay_accept: "On m’a prévenu\u00a0: accepter la nouvelle clé",
    not_supported: "Ce navigateur est trop ancien pour Cordée. Il faut Chrome ou Edge 137, Firefox 130, Safari 18, ou plus récent.",
    leave_question: "Une séance est en cours.",

    // --- ce qui est refusé, par code ---
    refusals: {
        refused: "Ce n’est pas possible maintenant.",
        code_invalid: "Ce code n’est pas valable. Vérifiez-le avec le client, ou demandez-en un nouveau.",
        code_mistyped: "Un chiffre n’est pas juste. Redemandez le code, chiffre par chiffre.",
        code_length: "Un code a neuf chiffres.",
        too_many_guesses: "Trop d’essais. Attendez quelques minutes, puis réessayez.",
        consent_denied: "Le client a dit non.",
        not_in_control: "Le client a la main. Demandez-la et attendez son clic.",
        not_signed_in: "Votre connexion a expiré. Connectez-vous de nouveau.",
        not_allowed: "Ce compte n’en a pas le droit.",
        bad_input: "Quelque chose n’est pas juste dans ce qui est écrit.",
        login_failed: "Nom, mot de passe ou code\u00a0: l’un des trois n’est pas juste.",
        unavailable: "Le relais ne peut pas l’enregistrer pour l’instant. Réessayez dans un moment.",
        busy: "Le relais est très occupé. Réessayez dans un moment.",
        internal: "Le relais a rencontré un problème. Réessayez\u00a0; si cela dure, prévenez votre responsable.",
        not_found: "Cela n’existe pas sur ce relais.",
        too_large: "C’est trop long.",
        session_over: "Cette séance est terminée.",
        pairing_lost: "La liaison a été coupée pendant la vérification. Ce code ne vaut plus rien\u00a0: il en faut un nouveau.",
        code_lost: "La liaison avec le relais a été coupée. Ce code ne vaut plus rien\u00a0: demandez-en un nouveau.",
        relay_unreachable: "Le relais ne répond pas. Vérifiez votre connexion.",
        run_failed: "Ce n’était pas le même code des deux côtés. Demandez un nouveau code au client.",
        signed_out: "Vous avez été déconnecté.",
    },
    wait_more: (seconds) => `Réessayez dans ${spokenTime(seconds)}.`,

    // --- pourquoi une séance a fini ---
    ends: {
        customer_ended: (customer) => `${customer} a terminé la séance.`,
        technician_ended: () => "Vous avez terminé la séance.",
        consent_denied: (customer) => `${customer} a préféré ne pas montrer son écran. Rien n’a été vu.`,
        consent_expired: (customer) => `${customer} n’a pas répondu à temps. Rien n’a été vu.`,
        code_expired: () => "Le code a expiré avant d’être tapé. Demandez-en un nouveau.",
        code_refused: () => "Le code n’était pas le bon. Par prudence, il ne vaut plus rien\u00a0: il en faut un nouveau.",
        code_cancelled: () => "Le code a été annulé.",
        key_mismatch: () => "Les deux ordinateurs ne sont pas d’accord sur la clé. La séance a été arrêtée par prudence.",
        link_expired: () => "La liaison n’est pas revenue à temps.",
        idle: () => "Personne n’a rien fait pendant longtemps\u00a0: la séance s’est terminée d’elle-même.",
        time_limit: () => "La durée maximale d’une séance est atteinte.",
        relay_stopped: () => "Le relais a été arrêté par son responsable.",
        journal_unavailable: () => "Le journal ne peut plus être écrit. Sans journal, pas de séance.",
        screen_lost: (customer) => `L’écran de ${customer} ne peut plus être capté.`,
        violation: () => "Quelque chose d’anormal est arrivé sur la ligne. La séance a été arrêtée par prudence.",
    },

    clock,
    span,
};
