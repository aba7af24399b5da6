"""What people call things when they look for a device: folded French (and some English), singular. Data only.

A phrase is written as `stem` leaves it. The longest phrase found in a text counts.
"""

from __future__ import annotations

from pathlib import Path

COMPUTERS = ("laptop", "desktop", "all_in_one", "workstation")
# Phrase → kinds it may mean, the likeliest first.
KINDS: dict[str, tuple[str, ...]] = {
    phrase: kinds
    for kinds, phrases in (
        (("laptop",), "portable|pc portable|ordinateur portable|ordi portable|micro portable|laptop|notebook|"
         "ultrabook|ultraportable|ultra portable|chromebook|netbook|portable pc|poste portable|"
         "ordinateur de voyage|ordinateur transportable|laptop computer|macbook|2 en 1|pc 2 en 1|pc hybride|"
         "ordinateur hybride|pc convertible|ordinateur convertible"),
        (("desktop",), "ordinateur fixe|pc fixe|ordi fixe|pc bureau|pc de bureau|ordinateur bureau|ordi bureau|"
         "ordi de bureau|ordinateur de bureau|tour|pc tour|ordinateur tour|unite centrale|uc|desktop|mini pc|"
         "mac mini|mini ordinateur|mini ordi|minitour|mini tour|poste fixe|micro ordinateur|"
         "desktop computer|poste de travail"),
        (("all_in_one",), "tout en un|ordinateur tout en un|pc tout en un|all in one|aio|imac|monobloc|tout en 1|"
         "pc tout en 1|ordinateur tout en 1|all in 1"),
        (("thin_client",), "client leger|thin client|terminal leger|poste leger|terminal client leger"),
        (("workstation",), "station de travail|station travail|workstation|station graphique|station de calcul"),
        (("server",), "serveur|server|serveur rack|serveur tour"),
        (("monitor",), "ecran|moniteur|monitor|display|ecran pc|ecran de pc|ecran ordinateur|ecran d ordinateur|"
         "computer screen|pc screen|computer monitor|pc monitor|computer display|"
         "ecran plat|ecran de bureau|ecran informatique|ecran lcd|ecran led|screen|dalle|grand ecran"),
        (("tablet",), "tablette|tablet|ipad|tablette tactile|tablette numerique"),
        (("smartphone",), "smartphone|telephone portable|telephone mobile|tel portable|tel mobile|mobile|gsm|"
         "iphone|portable telephone|mobile phone|cellulaire|smart phone|telephone android|telephone intelligent"),
        (("desk_phone",), "telephone fixe|telephone de bureau|telephone bureau|telephone ip|poste telephonique|"
         "voip|telephone sip|telephone voip|desk phone|combine telephonique|telephone filaire"),
        (("smartphone", "desk_phone"), "telephone|tel|phone"),
        (("printer", "multifunction"), "imprimante|printer|imprimante laser|imprimante jet d encre"),
        (("multifunction",), "multifonction|imprimante multifonction|mfp|imprimante scanner|photocopieur|copieur|"
         "photocopieuse|imprimante tout en un|imprimante scan|imprimante photocopieuse|scanner|"
         "multifunction printer|imprimante 3 en 1|multi fonction|imprimante photocopieur|imprimante copieur"),
        (("projector",), "videoprojecteur|video projecteur|projecteur|projector|retroprojecteur|beamer|"
         "video proj|videoproj"),
        (("network_device",), "switch|routeur|borne wifi|point d acces|point acces|pare feu|firewall|commutateur|"
         "appareil reseau|equipement reseau|materiel reseau|router|reseau|access point|network device|"
         "switch reseau|borne wi fi|point d acces wi fi|point d acces wifi|point acces wifi|concentrateur"),
        (("dock",), "station d accueil|station accueil|dock|docking station|replicateur de port|replicateur|"
         "docking|station de connexion|dockstation|dock usb c|dock usb|station d acceuil"),
        (("storage_device",), "nas|disque externe|disque dur externe|baie de stockage|appareil de stockage|"
         "serveur de stockage|storage device|baie stockage|stockage reseau|serveur nas"),
        (("carton",), "accessoire|clavier|souri|cable|carton|peripherique|casque|webcam|carton d accessoire"),
        (COMPUTERS, "ordinateur|ordi|pc|computer|micro|poste informatique|machine informatique|uc portable|mac"),
        (("desktop", "desk_phone"), "fixe|bureau"),
    )
    for phrase in phrases.split("|")
}  # fmt: skip
WEAK = frozenset({"fixe", "bureau", "mobile", "tour", "reseau", "micro"})  # only where nothing else says it
# Said beside another kind they mean something else: "téléphone … portable", "portable avec écran 15″".
OTHERWISE = {"portable": ("smartphone",)}
NAMES_TOO = frozenset(
    {"macbook", "ipad", "iphone", "chromebook", "imac", "mac", "mac mini"}
)  # a range: a word to find as well
CPU_CLASSES: dict[str, tuple[str, ...]] = {
    **{f"{lead}i{n}": (f"i{n}",) for n in "3579" for lead in ("", "core ", "intel ", "intel core ")},
    **{f"{lead}ryzen {n}": (f"ryzen {n}", f"ryzen {n} pro") for n in "3579" for lead in ("", "amd ")},
    **{f"r{n}": (f"ryzen {n}", f"ryzen {n} pro") for n in "3579"},
    **{f"core ultra {n}": (f"ultra {n}", f"core ultra {n}") for n in "579"},
    **{f"{lead}{name}": (name,) for name in ("celeron", "atom", "xeon") for lead in ("", "intel ")},
    "ryzen": tuple(f"ryzen {n}{end}" for n in "3579" for end in ("", " pro")), "amd ryzen": tuple(
        f"ryzen {n}{end}" for n in "3579" for end in ("", " pro")),
    "pentium": ("pentium", "pentium gold", "pentium silver"), "athlon": ("athlon", "athlon gold", "athlon silver"),
    "intel": ("i3", "i5", "i7", "i9", "celeron", "pentium", "pentium gold", "pentium silver", "xeon", "atom", "m3",
              "m5", "m7", "intel", "ultra 5", "ultra 7", "core 2 duo", "core ultra 5", "core ultra 7"),
    "amd": (*(f"ryzen {n}{end}" for n in "3579" for end in ("", " pro")), "athlon", "athlon gold", "athlon silver",
            "amd"),
    "core 2 duo": ("core 2 duo", "core2 duo"), "core duo": ("core duo", "core 2 duo"),
    **{f"{lead}m{n}": (f"m{n}",) for n in "1234" for lead in ("", "apple ", "puce ")},
}  # fmt: skip
BETTER = {  # of the same maker and above: "i5 ou mieux"
    "i3": ("i3", "i5", "i7", "i9"), "i5": ("i5", "i7", "i9"), "i7": ("i7", "i9"),
    **{f"ryzen {n}": tuple(f"ryzen {m}{end}" for m in "3579" if m >= n for end in ("", " pro")) for n in "357"},
}  # fmt: skip
# Phrase → (what it asks for, value).
TRAITS: dict[str, tuple[str, object]] = {
    phrase: (name, value)
    for name, value, phrases in (
        ("free", True, "gratuit|gratuite|gratuitement|don|en don|donne|offert|a donner|sans payer|zero euro|free|"
         "a titre gratuit"),
        ("cheap", True, "pa cher|pa chere|bon marche|petit prix|economique|abordable|le moin cher|moin cher|"
         "petit budget|cheap|premier prix|prix ba|ba prix|discount|a bas prix|prix reduit|a petit prix|accessible|"
         "prix mini|le moin chere|moin chere|low cost|pa trop cher|peu cher|peu onereux|pa cher du tout"),
        ("charger", True, "chargeur|avec chargeur|chargeur inclu|chargeur fourni|avec son chargeur|alimentation|"
         "avec alimentation|with charger|charger|avec le chargeur|bloc secteur"),
        ("nothing", True, "sans chargeur|sans alimentation"),
        ("windows_11", True, "windows 11|win 11|w11|win11|windows11|compatible windows 11|windows 11 pro|"
         "passe a windows 11|pret pour windows 11|compatible win 11"),
        ("os", "windows", "windows|microsoft windows"),
        ("os", "windows 10", "windows 10|win10|win 10|w10|windows 10 pro|windows10"),
        ("os", "linux", "linux|ubuntu|debian|emmabuntu|primtux|mint|fedora"),
        ("os", "chrome", "chromeo|chrome o|chrome os|chromeos"),
        ("os", "android", "android"),
        ("os", "mac", "macos|mac os|os x|maco|mac o"),
        ("os", "ios", "ios|ipados|io"),
        ("grade", "A", "grade a|tre bon etat|excellent etat|parfait etat|etat impeccable|impeccable|tre bel etat|"
         "etat parfait|etat a|etat excellent|tre bon aspect|grade a uniquement"),
        ("grade", "B", "grade b|bon etat|bel etat|en bon etat|bon aspect|etat correct|etat b|propre|good condition"),
        ("grade", "C", "grade c|etat c|etat moyen|etat d usage"),
        ("battery", 80, "bonne batterie|batterie neuve|batterie en bon etat|bonne autonomie|batterie ok"),
        ("warranty", 1, "garantie|garanti|avec garantie|sous garantie|warranty"),
        ("agec", True, "agec|compte pour l agec|compte pour agec|quota agec|eligible agec|loi agec"),
        ("near", True, "pre de chez moi|proche|a proximite|pre d ici|le plus proche|dans le coin|a cote|pre|proximite"),
    )
    for phrase in phrases.split("|")
}  # fmt: skip
SYSTEMS = {  # what a system's name may hold
    "linux": ("linux", "ubuntu", "debian", "mint", "fedora", "emmabunt", "primtux", "zorin"), "mac": ("mac", "os x"),
    "ios": ("ios", "ipados"),
}  # fmt: skip
ALTERNATIVES = "/"  # between words of which one is enough: "hp/dell"
MAKERS = {"hewlett packard": "hp", "hewlett": "hp", "hpe": "hp", "ibm": "lenovo"}
# Said of every device here, or of none: nothing to look for.
EMPTY = frozenset(Path(__file__).with_name("data").joinpath("empty_words.txt").read_text("utf-8").split())
SOFT = frozenset(
    {"laser", "encre", "tactile", "couleur", "4k", "uhd", "pro", "usb", "azerty", "leger", "hdmi"}
)  # those first
MEMORY_WORDS = frozenset({"ram", "memoire", "vive", "ddr", "ddr3", "ddr4", "ddr5", "memory"})
STORAGE_WORDS = frozenset({"ssd", "hdd", "disque", "dur", "stockage", "nvme", "emmc", "dd", "rom", "capacite",
                           "storage", "disk", "espace"})  # fmt: skip
MONEY_WORDS = frozenset({"budget", "prix", "cout", "tarif", "coute", "cher", "montant"})
BATTERY_WORDS = frozenset({"batterie", "battery", "autonomie"})
GENERATION_WORDS = frozenset({"generation", "gen", "g"})
WARRANTY_WORDS = frozenset({"garantie", "garanti", "warranty"})
SCREEN_WORDS = frozenset({"ecran", "moniteur", "diagonale", "dalle", "screen", "monitor", "display"})
COUNTED = {
    "deux": 2, "troi": 3, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10, "douze": 12,
    "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100, "dizaine": 10,
    "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50,
    "centaine": 100,
}  # fmt: skip
