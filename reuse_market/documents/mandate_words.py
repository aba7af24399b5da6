"""The words of the erasure mandate (GDPR art. 28), in both languages; instructions after NIST SP 800-88."""

from __future__ import annotations

from typing import Any

MANDATE_WORDS: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Mandat d’effacement des données",
        "kind": "Mandat (RGPD, article 28)",
        "giver": "Responsable du traitement",
        "taker": "Sous-traitant",
        "totals": "Effacement des supports de {devices}.",
        "s_subject": "Objet et durée",
        "subject": "Le responsable du traitement charge le sous-traitant d’effacer les données des supports de "
        "stockage de {devices} du lot {lot}, dont la garde lui passe à l’enlèvement.",
        "duration": "Le mandat court de l’enlèvement à l’enregistrement de l’attestation du dernier support. "
        "Échéance voulue par les parties : ……………………",
        "s_nature": "Nature, données et personnes",
        "nature": "Le seul traitement permis est la suppression. Les données ne sont ni lues, ni copiées, ni "
        "transmises, sauf ce que l’outil lit pour vérifier l’effacement.",
        "categories": "Catégories de données et de personnes concernées (à compléter par le responsable) : "
        "……………………………………………",
        "s_orders": "Instructions",
        "orders": "Niveau demandé, au sens de NIST SP 800-88 : {policy}.",
        "order_points": [
            "Chaque support de stockage est compté ; « aucun support » est attesté en disant comment on l’a vu.",
            "Chaque effacement est vérifié et donne une attestation : technique, outil et version, résultat, date, "
            "nom de la personne.",
            "Un support qui ne s’efface pas au niveau demandé est retiré et détruit, avec attestation.",
            "Aucun appareil n’est offert ni remis avant que tous ses supports aient une attestation acceptée.",
        ],
        "s_duties": "Obligations du sous-traitant",
        "duty_points": [
            "Il n’agit que sur les instructions écrites du responsable, dont ce mandat.",
            "Les personnes qui effacent sont tenues à la confidentialité.",
            "Il protège les appareils et les supports jusqu’à l’effacement : accès limité, transport surveillé.",
            "Il prévient le responsable dès qu’un support manque ou que des données ont pu être vues.",
            "Il aide le responsable à répondre aux personnes concernées et aux autorités.",
        ],
        "s_others": "Sous-traitants ultérieurs",
        "others": "Aucun autre organisme n’efface ni ne transporte les supports sans l’accord écrit du responsable, "
        "et aux mêmes obligations. Organismes acceptés (à compléter) : ……………………",
        "s_end": "Sort des données et contrôle",
        "end": "L’effacement est la fin du traitement : le sous-traitant ne garde aucune donnée, seulement les "
        "attestations et les rapports, que le responsable consulte et télécharge.",
        "audit": "Le responsable peut contrôler sur place ou sur pièces, et demander qu’un échantillon soit vérifié "
        "par une autre personne ou un autre outil.",
    },
    "en": {
        "title": "Data erasure mandate",
        "kind": "Mandate (GDPR, article 28)",
        "giver": "Controller",
        "taker": "Processor",
        "totals": "Erasure of the media of {devices}.",
        "s_subject": "Subject and duration",
        "subject": "The controller entrusts the processor with erasing the data of the storage media of {devices} "
        "of the lot {lot}, whose custody passes to it at the pick-up.",
        "duration": "The mandate runs from the pick-up until the certificate of the last medium is recorded. "
        "Time limit wanted by the parties: ……………………",
        "s_nature": "Nature, data and persons",
        "nature": "Deletion is the only processing allowed. Data are neither read, copied nor passed on, except "
        "what the tool reads to verify the erasure.",
        "categories": "Categories of data and of persons (for the controller to fill in): ……………………………………………",
        "s_orders": "Instructions",
        "orders": "Level asked for, in the sense of NIST SP 800-88: {policy}.",
        "order_points": [
            "Each storage medium is counted; “no medium” is attested with how it was seen.",
            "Each erasure is verified and gives a certificate: technique, tool and version, result, date, name of "
            "the person.",
            "A medium that cannot be erased to the level asked for is taken out and destroyed, with a certificate.",
            "No device is offered or handed over before all its media have an accepted certificate.",
        ],
        "s_duties": "Duties of the processor",
        "duty_points": [
            "It acts only on the written instructions of the controller, this mandate among them.",
            "The people who erase are bound to confidentiality.",
            "It protects devices and media until they are erased: limited access, watched transport.",
            "It tells the controller as soon as a medium is missing or data may have been seen.",
            "It helps the controller to answer the persons concerned and the authorities.",
        ],
        "s_others": "Further processors",
        "others": "No other body erases or carries the media without the written consent of the controller, and "
        "under the same duties. Bodies accepted (to be filled in): ……………………",
        "s_end": "What becomes of the data, and audit",
        "end": "Erasure ends the processing: the processor keeps no data, only the certificates and reports, which "
        "the controller reads and downloads.",
        "audit": "The controller may check on site or on documents, and ask that a sample be verified by another "
        "person or another tool.",
    },
}
