"""Les phrases de la fenêtre, en français."""

TEXT = {
    "app": "Assistance à distance",
    "close": "Fermer",
    "quit": "Quitter",
    "back": "Retour",
    # --- première fenêtre
    "home.title": "Tapez le code de votre technicien",
    "home.code": "Code à neuf chiffres",
    "home.go": "Continuer",
    "home.other": "Mon technicien me demande un code",
    "home.next": "Ce qui va se passer",
    "home.step1": "Vous tapez le code entendu au téléphone.",
    "home.step2": "Vous voyez qui vous aide, et pour quoi. Rien ne commence sans "
    "votre accord.",
    "home.step3": "À tout moment, bougez votre souris : vous reprenez la main.",
    "home.scam": "Ne continuez que si vous avez appelé vous-même votre dépanneur. "
    "Votre banque, la police, un fournisseur n’appellent jamais pour prendre la main.",
    "home.about": "Bon à savoir",
    "home.ready": "Prêt",
    "home.waiting": "Connexion en cours…",
    # --- code à dicter
    "code.title": "Dictez ce code à votre technicien",
    "code.left": "Encore {time}",
    "code.copy": "Copier le code",
    "code.copied": "Code copié",
    "code.named": "Code, chiffre par chiffre : {digits}",
    "code.only": "Ne donnez ce code qu’à une personne que vous avez appelée vous-même.",
    # --- mise en relation
    "pairing.title": "Mise en relation…",
    "pairing.text": "Cela prend quelques secondes. Rien n’est encore visible.",
    # --- question
    "ask.yes": "Autoriser",
    "ask.accept": "Accepter ce prix",
    "ask.no": "Refuser",
    "ask.more.one": "Répondre à la dernière question",
    "ask.more.many": "Répondre aux questions : encore {count}",
    "ask.left": "Sans réponse dans {time}, ce sera non.",
    "ask.unknown": "Vous ne connaissez pas {technician} ? Choisissez « Refuser ».",
    "ask.unverified": "Attention : l’identité de cette personne n’a pas pu être "
    "vérifiée. Refusez si vous avez le moindre doute.",
    "ask.report": "Signaler un abus",
    "ask.terms": "Lire les conditions",
    # --- bon à savoir, et les conditions générales
    "terms.title": "Bon à savoir",
    "terms.needs": "Il faut un ordinateur sous Linux (bureau X11) et Internet, à "
    "1 Mbit/s au moins. Rien d’autre à installer.",
    "terms.antivirus": "Gardez un antivirus à jour : il reconnaît et détruit les "
    "fichiers infectés.",
    "terms.data": "Vos données restent sous votre garde : copiez ce qui compte sur un "
    "disque ou une clé USB avant de commencer.",
    "terms.internet": "Internet peut être lent ou coupé. N’y envoyez aucun document "
    "qui doit rester strictement confidentiel ; un fichier ne part jamais sans votre "
    "accord.",
    "terms.warranty": "Une intervention, comme la vôtre, peut mettre fin à la garantie "
    "du fabricant.",
    "terms.text": "Conditions générales",
    "terms.save": "Enregistrer une copie",
    "terms.saved": "Copie enregistrée : {file}",
    "terms.unsaved": "La copie n’a pas pu être enregistrée. Demandez-la à votre "
    "technicien.",
    "terms.close": "Revenir",
    # --- barre
    "bar.controlling": "{technician} utilise votre ordinateur",
    "bar.controlling.more": "Bougez la souris pour reprendre la main",
    "bar.viewing": "{technician} voit votre écran",
    "bar.viewing.more": "Vous avez la main",
    "bar.reclaimed": "Vous avez la main",
    "bar.reclaimed.more": "{technician} voit encore l’écran, rien de plus",
    "bar.paused": "Écran masqué",
    "bar.paused.more": "{technician} ne voit plus rien",
    "bar.interrupted": "Liaison perdue",
    "bar.interrupted.more": "On essaie de la rétablir. Personne ne voit votre écran",
    "bar.unlinked": "La liaison est perdue, on essaie de la rétablir",
    "bar.take": "Reprendre la main",
    "bar.give": "Rendre la main",
    "bar.hide": "Masquer l’écran",
    "bar.show": "Montrer l’écran",
    "bar.end": "Terminer",
    # --- barre, sur un petit écran
    "bar.controlling.short": "{technician} a la main",
    "bar.viewing.short": "{technician} voit l’écran",
    "bar.hide.short": "Masquer",
    "bar.show.short": "Montrer",
    # --- écrire
    "bar.talk": "Discuter",
    "bar.talk.unread": "Discuter ({count})",
    "talk.title": "Discuter avec {technician}",
    "talk.empty": "Écrivez ici ce que vous voulez dire. Rien n’est enregistré : tout "
    "s’efface à la fin de la séance.",
    "talk.you": "Vous",
    "talk.field": "Votre message",
    "talk.send": "Envoyer",
    "talk.give": "Envoyer le texte copié",
    "talk.messages": "Messages",
    "talk.fate.said": "envoyé, pas encore arrivé",
    "talk.fate.arrived": "arrivé",
    "talk.fate.seen": "lu",
    "talk.unsent": "La liaison est perdue : cela partira dès qu’elle revient.",
    # --- demandes pendant la séance
    "please.give.title": "{technician} demande le texte que vous avez copié",
    "please.give.text": "Voici ce qui partirait. Ni mot de passe ni code de banque ne "
    "doit partir ainsi.",
    "please.give.nothing": "Vous n’avez copié aucun texte, ou il est trop long.",
    "please.give.yes": "Envoyer ce texte",
    "please.own.title": "Envoyer ce texte à {technician} ?",
    "please.own.text": "Voici le texte que vous avez copié.",
    "please.take.title": "{technician} vous propose un texte à coller",
    "please.take.text": "Si vous l’acceptez, il remplace ce que vous aviez copié.",
    "please.take.yes": "Accepter ce texte",
    "please.machine.title": "{technician} demande quel est cet ordinateur",
    "please.machine.text": "Voici ce qui partirait, et rien d’autre.",
    "please.machine.yes": "Envoyer ces lignes",
    "please.no": "Refuser",
    # --- ce qui s’annonce
    "notice.screenshot": "{technician} garde une image de votre écran",
    # --- cet ordinateur
    "machine.line": "{name} : {value}",
    "machine.system": "Système",
    "machine.desktop": "Bureau",
    "machine.processor": "Processeur",
    "machine.cores": "{name}, {count} cœurs",
    "machine.memory": "Mémoire",
    "machine.disk": "Disque",
    "machine.free": "{free} Go libres sur {total} Go",
    "machine.uptime": "Allumé depuis",
    "machine.days": "{days} j {rest}",
    "machine.battery": "Batterie",
    "machine.battery.charging": ", en charge",
    "machine.battery.discharging": ", non branchée",
    "machine.battery.full": ", pleine",
    "machine.antivirus": "Antivirus",
    "machine.antivirus.none": "le système n’en signale aucun",
    "machine.updates": "Mises à jour",
    "machine.updates.today": "cherchées aujourd’hui",
    "machine.updates.yesterday": "cherchées hier",
    "machine.updates.before": "cherchées il y a {days} jours",
    "machine.updates.restart": "un redémarrage est demandé",
    "machine.network": "Réseau",
    "machine.network.wifi": "Wi-Fi",
    "machine.network.cable": "câble",
    # --- fin
    "over.title": "La séance est terminée",
    "over.gone": "Le technicien est déconnecté et ne peut plus prendre le contrôle.",
    "over.length": "Durée",
    "over.reclaims": "Mains reprises",
    "over.cost": "À payer",
    "over.free": "Rien à payer",
    "over.amount": "{amount} TTC",
    "over.counted": "pour {time} de temps compté",
    "over.pending": "Le montant arrive…",
    "over.unknown": "Votre technicien vous le dira",
    "over.keep": "Garder le reçu",
    "over.keep.where": "Où garder le reçu\u00a0?",
    "over.keep.done": "Le reçu est gardé\u00a0: {where}. Il se vérifie sans nous.",
    "over.keep.failed": "Le reçu n’a pas pu être écrit à cet endroit. Choisissez-en un "
    "autre.",
    "over.unproved": "Le serveur n’a pas prouvé que cette séance est à son "
    "journal\u00a0: il n’y a pas de reçu. Notez la date et l’heure.",
    "over.unconfirmed": "Le serveur n’a pas pu confirmer la fin, mais tout accès à "
    "votre ordinateur est bien coupé.",
    # --- qui a terminé, et pourquoi
    "end.": "La séance a été fermée.",
    "end.reported": "Vous avez signalé cette séance\u00a0: tout est arrêté, et c’est "
    "inscrit au journal. Appelez votre dépanneur au numéro que vous connaissez. Si "
    "vous avez donné un mot de passe ou de l’argent, appelez votre banque.",
    "end.customer_ended": "Vous avez mis fin à la séance.",
    "end.technician_ended": "{technician} a mis fin à la séance.",
    "end.consent_denied": "Vous avez refusé. Personne n’a vu votre écran.",
    "end.consent_expired": "Sans réponse de votre part, c’était non. Personne n’a vu "
    "votre écran.",
    "end.code_expired": "Le code n’est plus valable.",
    "end.code_refused": "Le code n’était pas le bon.",
    "end.code_cancelled": "L’invitation a été annulée.",
    "end.key_mismatch": "Le code n’était pas le bon.",
    "end.link_expired": "La liaison a été perdue trop longtemps.",
    "end.idle": "Plus personne n’agissait : la séance s’est fermée d’elle-même.",
    "end.time_limit": "La durée maximale d’une séance est atteinte.",
    "end.relay_stopped": "Le serveur d’assistance s’est arrêté.",
    "end.journal_unavailable": "Le serveur ne pouvait plus rien enregistrer : sans "
    "trace, pas d’assistance.",
    "end.screen_lost": "L’écran ne peut plus être montré : la séance est terminée.",
    "end.violation": "La séance a été coupée par sécurité. Parlez-en à votre "
    "technicien au téléphone.",
    # --- ce qui ne va pas
    "trouble.": "Cela n’a pas marché. Réessayez, ou dites-le à votre technicien.",
    "trouble.code_mistyped": "Un chiffre n’est pas le bon. Redemandez le code, "
    "chiffre par chiffre.",
    "trouble.code_invalid": "Ce code n’est pas valable. Vérifiez-le avec votre "
    "technicien, ou demandez-en un nouveau.",
    "trouble.code_wrong": "Ce code n’est pas le bon. Vérifiez-le avec votre "
    "technicien, puis tapez-le à nouveau.",
    "trouble.code_expired": "Ce code n’est plus valable. Demandez-en un nouveau.",
    "trouble.code_refused": "Le code a été mal tapé de l’autre côté : il ne sert plus. "
    "Affichez-en un nouveau.",
    "trouble.too_many_guesses": "Trop d’essais. Attendez quelques minutes.",
    "trouble.link_unreachable": "Pas de connexion. Vérifiez Internet ; on réessaie "
    "tout seul.",
    "trouble.link_not_trusted": "La connexion n’est pas sûre : un antivirus ou un "
    "réseau public l’intercepte peut-être. Dites-le à votre technicien.",
    "trouble.link_clock": "La date ou l’heure de cet ordinateur semble fausse. "
    "Dites-le à votre technicien : il vous aidera à la régler.",
    "trouble.link_proxy": "Ce réseau passe par un serveur mandataire (proxy) qui "
    "refuse. Dites « proxy » à votre technicien.",
    "trouble.link_captive": "Ce réseau demande d’abord de s’identifier. Ouvrez votre "
    "navigateur sur n’importe quelle page, identifiez-vous ; on réessaie tout seul.",
    "trouble.link_refused": "Le serveur ne répond pas comme prévu. Dites-le à votre "
    "technicien.",
    "trouble.link_lost": "La connexion a été coupée ; on réessaie tout seul.",
    "trouble.link_violation": "Ce programme est trop ancien, ou le serveur n’est pas "
    "le bon. Téléchargez-le à nouveau.",
    "trouble.link_busy": "Le serveur est très occupé. Réessayez dans un moment.",
    "trouble.relay_changed": "Attention : le serveur n’est plus celui que cet "
    "ordinateur connaît. Ne continuez pas, et appelez votre technicien.",
    "trouble.no_relay": "Ce programme ne sait pas quel dépanneur appeler. "
    "Téléchargez-le à nouveau depuis la page de votre dépanneur.",
    "trouble.no_desktop": "Cet ordinateur ne permet pas de surveiller la souris : "
    "sans cela, pas d’assistance.",
    "trouble.not_allowed": "Ce n’est pas permis.",
    "trouble.unavailable": "Le serveur ne peut rien enregistrer pour l’instant. "
    "Réessayez dans un moment.",
    "trouble.busy": "Le serveur est très occupé. Réessayez dans un moment.",
    "trouble.refused": "Le serveur a dit non. Dites-le à votre technicien.",
    "trouble.session_over": "Cette séance est terminée. Demandez un nouveau code.",
    "trouble.bad_input": "Vérifiez ce qui a été tapé.",
}
