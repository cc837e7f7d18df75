"""What the download page says, in French and English; a test holds both to one form."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cordee_shared.session.language import Language

from .systems import System


@dataclass(frozen=True, slots=True)
class Words:
    """Every sentence of the page; ``{}`` is filled in."""

    title: str
    heading: str
    lead: str
    download: str
    for_system: str
    open_after: str
    no_file: str
    no_file_call: str
    on_computer: str
    which: str
    others: str
    steps: tuple[tuple[str, str, str], ...]
    steps_title: str
    warning_title: str
    warning: str
    question: str
    check_title: str
    check: str
    saved_as: str
    size: str
    terms: str
    terms_title: str
    terms_version: str
    privacy: str
    privacy_title: str
    back: str
    technician: str
    languages: str
    unit: str
    systems: MappingProxyType[System, str]


_NAMES: Final = {
    System.WINDOWS: "Windows",
    System.MACOS: "macOS",
    System.LINUX: "Linux",
}

FR: Final = Words(
    title="Aide à distance – {}",
    heading="Faites-vous aider à distance",
    lead=(
        "Vous êtes au téléphone avec votre technicien\u00a0: téléchargez ce petit "
        "programme, ouvrez-le, et suivez ce qu’il vous dit."
    ),
    download="Télécharger",
    for_system="pour {}",
    open_after="Puis ouvrez le fichier téléchargé. Rien ne s’installe.",
    no_file="Il n’y a pas encore de programme pour {} ici.",
    no_file_call="Appelez {} au {}\u00a0: nous trouverons une autre solution.",
    on_computer=(
        "Un téléphone ou une tablette ne se dépanne pas ainsi. Ouvrez cette page sur "
        "l’ordinateur à dépanner."
    ),
    which="Quel est le système de votre ordinateur\u00a0?",
    others="Un autre ordinateur\u00a0:",
    steps_title="Ce qui va se passer",
    steps=(
        (
            "Vous ouvrez le programme",
            "Une fenêtre s’ouvre. Elle disparaît avec la fin de l’aide.",
            "Une fenêtre s’ouvre sur l’écran de l’ordinateur.",
        ),
        (
            "Vous tapez le code",
            "Neuf chiffres, dictés au téléphone. Ils ne servent qu’une fois.",
            "Neuf chiffres en trois groupes, à côté d’un téléphone.",
        ),
        (
            "Vous décidez",
            "On vous demande avant de voir, puis avant d’agir. Bougez la souris, et "
            "vous reprenez la main aussitôt.",
            "Une souris, et deux boutons de même taille\u00a0: oui et non.",
        ),
    ),
    warning_title="On vous a appelé sans que vous le demandiez\u00a0? Raccrochez.",
    warning=(
        "Votre banque, la police ou un fournisseur n’appellent jamais pour prendre la "
        "main sur votre ordinateur."
    ),
    question="Une question\u00a0? {} répond au",
    check_title="Vérifier le fichier",
    check="Pour qui veut s’assurer que le fichier est le bon\u00a0:",
    saved_as="Nom",
    size="Taille",
    terms="Conditions générales",
    terms_title="Conditions générales",
    terms_version="Version {}",
    privacy="Vos données",
    privacy_title="Vos données",
    back="Retour au téléchargement",
    technician="Espace technicien",
    languages="Langue",
    unit="Mo",
    systems=MappingProxyType(_NAMES),
)

EN: Final = Words(
    title="Remote help – {}",
    heading="Get help from a distance",
    lead=(
        "You are on the phone with your technician: download this small program, open "
        "it, and follow what it says."
    ),
    download="Download",
    for_system="for {}",
    open_after="Then open the downloaded file. Nothing is installed.",
    no_file="There is no program for {} here yet.",
    no_file_call="Call {} on {}: we will find another way.",
    on_computer=(
        "A telephone or a tablet cannot be helped like this. Open this page on the "
        "computer that needs help."
    ),
    which="Which system does your computer have?",
    others="Another computer:",
    steps_title="What will happen",
    steps=(
        (
            "You open the program",
            "A window opens. It goes when the help ends.",
            "A window opens on the computer’s screen.",
        ),
        (
            "You type the code",
            "Nine digits, told on the phone. They work once.",
            "Nine digits in three groups, beside a telephone.",
        ),
        (
            "You decide",
            "You are asked before anything is seen, and again before anything is done. "
            "Move the mouse, and you have control at once.",
            "A mouse, and two buttons of one size: yes and no.",
        ),
    ),
    warning_title="Somebody called you out of the blue? Hang up.",
    warning=(
        "Your bank, the police or a provider never call to take control of your "
        "computer."
    ),
    question="A question? {} answers on",
    check_title="Check the file",
    check="For whoever wants to be sure that the file is the right one:",
    saved_as="Name",
    size="Size",
    terms="General terms",
    terms_title="General terms",
    terms_version="Version {}",
    privacy="Your data",
    privacy_title="Your data",
    back="Back to the download",
    technician="For technicians",
    languages="Language",
    unit="MB",
    systems=MappingProxyType(_NAMES),
)

WORDS: Final = MappingProxyType({Language.FR: FR, Language.EN: EN})

#: What the relay keeps, as it is: paragraphs; ``{}`` is the provider, its phone.
PRIVACY: Final = MappingProxyType(
    {
        Language.FR: (
            "{0} vous aide à distance à votre demande et répond de vos données. Pour "
            "toute question, et pour accéder à vos données, les corriger ou les faire "
            "effacer\u00a0: {1}.",
            "Pendant l’aide, l’image de votre écran, ce qui est tapé, copié, envoyé ou "
            "écrit passe chiffré de votre ordinateur à celui du technicien. Le relais "
            "ne peut pas le lire et n’en garde rien.",
            "Le relais garde ce qui fait preuve\u00a0: votre nom et l’objet de la "
            "demande, ce que vous avez accepté ou refusé et quand, les heures de "
            "début, de reprise en main et de fin, et ce qui est dû. Il note aussi les "
            "adresses des connexions, pour sa sécurité.",
            "Chacune de ces données n’est gardée que le temps que la loi ou la preuve "
            "demandent. Rien n’est vendu, rien n’est transmis à un tiers pour sa "
            "publicité, et cette page n’en charge aucune.",
            "Vous pouvez aussi vous adresser à la CNIL (cnil.fr).",
        ),
        Language.EN: (
            "{0} helps you from a distance because you asked, and answers for your "
            "data. For any question, and to see, correct or erase your data: {1}.",
            "During the help the picture of your screen, and what is typed, copied, "
            "sent or written, passes sealed from your computer to the technician’s. "
            "The relay cannot read it and keeps none of it.",
            "The relay keeps what is evidence: your name and what help was for, what "
            "you agreed to or refused and when, when it began, was taken back and "
            "ended, and what is owed. It also notes the addresses of connections, for "
            "its safety.",
            "Each of these is kept only as long as law or evidence need it. Nothing is "
            "sold, nothing goes to a third party for its advertising, and this page "
            "loads none.",
            "In France you can also turn to the CNIL (cnil.fr).",
        ),
    }
)
