"""The labels tools give their columns, in French and English, apart by semicolons.

GLPI 9–11, OCS Inventory, SCCM, Intune, Lansweeper, Snipe-IT, Jamf and shelf.nu. Case, accents and
punctuation do not matter: `labels.fold_label` removes them.
"""

from __future__ import annotations

OF_FIELD: dict[str, str] = {
    "holder_key": """
        id; glpi id; id glpi; jss computer id; key in the inventory tool; clé dans l'outil
        d'inventaire; hardware id; id ocs; ocs id
    """,
    "kind": """
        type; type de matériel; type d'équipement; type de machine; type d'ordinateur; catégorie;
        category; asset type; asset type name; device type; chassis; chassis type; type de châssis;
        famille; form factor; type of device; computer type; type d'actif; nature; computertypes id;
        monitortypes id; printertypes id; asset category; device category; hardware type; kind of
        device; type d'appareil
    """,
    "maker": """
        fabricant; manufacturer; constructeur; hardware vendor; system vendor; marque; brand; maker;
        make; vendor name;
        fabricant nom; manufacturer name; bios fabricant; device manufacturer; smanufacturer; manufacturers
        id; system manufacturer; bios manufacturer
    """,
    "model": """
        modèle; model; model name; nom du modèle; désignation; produit; product; modèle nom; modèle
        de matériel; device model; libellé; computermodels id; monitormodels id; printermodels id;
        system product name; system model; hardware model; modèle ordinateur; smodel; product name;
        titre; title
    """,
    "serial": """
        numéro de série; n de série; no de série; num série; n série; num de série; serial number;
        serial; serial no; s n; sn; service tag; bios numéro de série; bios serial number; ssn;
        serialnumber; computer serial; device serial number; numéro série; bios serial; bios n de
        série; code service; bios ssn; system serial number; numéro de série du bios; hardware
        serial
    """,
    "asset_tag": """
        numéro d'inventaire; n d'inventaire; no inventaire; inventory number; asset tag; asset
        number; étiquette; étiquette d'inventaire; étiquette de l'actif; inventaire; n inv; no inv;
        num inv; code inventaire; numéro de parc;
        immobilisation; numéro d'immobilisation; other serial; otherserial; n inventaire; asset id;
        barcode 1; n immobilisation; no d'inventaire; num inventaire
    """,
    "site": """
        lieu; location; localisation; locations id; rtd location; default location; lieu par défaut; site;
        emplacement; lieu nom; bâtiment; building; adresse; place; lieux; sms site name;
        implantation; site id or name; site or room
    """,
    "bought_on": """
        date d'achat; purchase date; date acquisition; date d'acquisition; date de mise en service;
        acheté le; bought on; po date; startup date; date achat; date of purchase; buy date; date de
        livraison; delivery date; mise en service;
        année; année d'achat; année d'acquisition; purchase year; date d'entrée; warranty start date;
        ship date
    """,
    "cpu": """
        processeur; cpu; processor; cpu brand; composants processeur; components processor;
        type de processeur;
        cpu type; processor type; modèle processeur; processor name; processeurs; cpu name; cpu
        model
    """,
    "ram_mb": """
        mémoire; ram; memory; mémoire vive; memory k bytes; memory kb; total physical memory;
        composants mémoire; components memory; taille mémoire; physical memory; total ram;
        composants taille mémoire; installed memory; mémoire totale; physical memory in bytes; total
        physical ram in mb; total ram megabytes; installed ram; memory size; total memory
    """,
    "storage_mb": """
        stockage; disque; disque dur; dd; storage; total storage; disk space mb; disk; hard drive;
        capacité; capacité disque; composants disque dur; components hard drive; disk size; ssd;
        stockage total; taille disque; drive capacity; total disk; hdd; volumes taille totale;
        composants capacité du disque dur; boot drive capacity; boot drive capacity mb; total
        storage space in bytes; disk capacity; storage capacity; total size
    """,
    "screen_tenths": """
        taille; taille écran; taille de l'écran; size; screen size; diagonale; pouces; inches;
        display size; taille moniteur
    """,
    "os": """
        système d'exploitation; système d'exploitation nom; operating system; operating system name;
        os; se; système; os name; nom os; windows; system; systeme; operatingsystem; os caption
    """,
    "status": """
        statut; status; état; state; situation; state name; cycle de vie; lifecycle; states id;
        status label; asset status
    """,
    "entity": """
        entité; entity; entité nom; company; société; organisation; service; direction; département;
        department; account info tag; account info tag tag; tag; domaine fonctionnel; pôle; entities
        id
    """,
    "hostname": """
        nom; name; hostname; machine; nom de machine; computer name; device name; asset name; nom de
        l'ordinateur; nom ordinateur; nom du poste; poste; display name; nom d'hôte; nom netbios;
        item name; nom de l'appareil; nom de l'actif; host name; computer; ordinateur; machine name
    """,
    "comment": """
        commentaire; commentaires; comment; comments; notes; note; asset notes; remarque; remarques;
        observations; description; info; model notes
    """,
    "ownership": """
        ownership; propriété; propriétaire type; owner type; type de propriété; possession; managed
        device owner type; device ownership; ownership type
    """,
    "lease_end": """
        lease expires; lease end; fin de location; date de fin de location; fin de bail; lease
        expiration; lease end date; fin de leasing; échéance location; lease expiration date; fin de
        crédit bail; lease expires on; end of lease; lease expiry date
    """,
}

PERSONAL = """
    utilisateur; utilisateur connecté; user; username; user name; login; identifiant; e mail; email;
    mail; courriel; téléphone; phone; phone number; adresse ip; ip address; ip; adresse mac; mac
    address; mac; wi fi mac; upn; contact; contact number; usager; nom d'utilisateur; alternate
    username; usager numéro; alternate username number; custodian; detenteur; assigned user;
    assigned to; affecté à; attribué à; top console user; last user; real name; full name; prénom;
    first name; last name; nom de famille; position; room number; technicien; technicien
    responsable; technician; technician in charge of the hardware; owner; propriétaire; primary user
    upn; primary user email address; primary user display name; imei; meid; subscriber carrier;
    phone number imei; dernier utilisateur; agent; réseau ip; network ip; registered owner; sim;
    iccid; user id; userid; checked out to; nom agent; wifi mac; ethernet mac; wi fi ipv4 address;
    imsi; eid; primary user; logged user; logged in user; employee no; employee number; employee id;
    matricule; manager; job title; management name; user principal name; email address; users id;
    users id tech; groups id; assigned; checked out to name; usersid; full user name; nom complet;
    current user; last logged on user; enrolled by; bénéficiaire
"""

# Known and of no use here. Named so that a likeness does not take them for something else.
IGNORED = """
    ce qu'il est devenu; depuis le; filière; destinataire; attestations d'effacement; lot; lot
    publié; what became of it; since when; outlet; recipient; erasure certificates; published lot;
    dernière modification; last update; dernier inventaire; last inventory; last check in; lastseen;
    last seen; lasttried; last contacted; profile status; purchase order; asset unique; userdomain;
    user domain; release date; last sync date time; enrolled date time; last inventory update; last
    report date; date mod; date creation; model no; eol; book value; byod; box; pack; release date
    0; supplier; fournisseur; vendor; order number; numéro de commande; model number; model
    identifier; modèle numéro; part number; référence; purchase cost; prix; coût; valuation;
    checkout type; asset eol date; warranty; warranty expires; garantie; fin de garantie; uuid;
    device id; microsoft entra device id; azure ad device id; os version; operating system version;
    système d'exploitation version; version; cpu mhz; processor ghz; free storage; free disk space
    mb; domaine; domain; domain workgroup; groupe; group; enrollment date; compliance; managed by;
    encrypted; sku family; join type; device state; hardware hash; windows product id; group tag; gl
    code; smbios version; processor architecture; fréquence; archiver; bookable; kit; tags; barcode
    2; po number; date de création; creation date; box; pallet; row; reason; ligne d'origine; motif;
    quantité; quantity; qté; qty; nombre; nb; microsoft entra registered; tpm manufacturer version;
        os build; réseau;
    network; logiciels; software; budget; facture; invoice number; bios version; date d'inventaire;
    last enrollment; last tried; groupe technique; groupe responsable; conformité; géré par; id de l'appareil;
    id de l'appareil microsoft entra; date d'inscription; dernière connexion; stockage libre;
        état de l'appareil;
    date d'installation du système; date d'installation du système d'exploitation; original install date;
    os install date; install date; coût d'achat; créé le; n de modèle
"""

# One of these words in an unknown label is enough to leave the column out.
PERSONAL_WORDS = """
    agent contact courriel custodian detenteur email firstname identifiant imei ip ipv4 ipv6
    lastname login mac mail phone prenom technician technicien tel telephone upn usager usagers user
    username users utilisateur utilisateurs
"""
