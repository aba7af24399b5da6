"""What stands in a proof folder for whoever opens it, in French and in English."""

from __future__ import annotations

_FR = """DOSSIER DE PREUVE

Ce dossier contient ce que le journal de la plateforme a enregistré, et de quoi le vérifier sans lui faire confiance.

  proof.json       les événements, leur place dans le journal signé, le point de contrôle, le sceau
  events.json      les mêmes événements, faciles à lire (null : contenu qui ne vous est pas communiqué)
  documents/       les documents que vous pouvez lire, tels qu’ils ont été émis
  documents.json   la preuve que l’empreinte de chacun a été inscrite au journal le jour de son émission
  epcis.jsonld     les mêmes faits au format EPCIS 2.0
  checkpoint.txt   le point de contrôle signé ; checkpoint.pub : la clé publique
  SHA256SUMS       l’empreinte de chaque fichier (se vérifie aussi par : sha256sum -c SHA256SUMS)
  seal.txt         le sceau signé de cette liste
  verify.py        le vérificateur : un seul fichier Python, sans rien d’autre à installer

Vérifier le dossier entier, sans le décompresser (Python 3.9 ou plus récent) :

  python -I verify.py DOSSIER.zip --key "LA CLÉ PUBLIÉE"

Décompressé, il se vérifie aussi : donnez le nom du dossier à la place de DOSSIER.zip. Les documents sont comparés à
l’empreinte que le journal a inscrite. Un point de contrôle que vous avez gardé se compare avec --kept (voir /journal).

Prenez la clé sur le site (/checkpoint.pub) ou celle qu’on vous a remise, et verify.py sur le site (/verify.py) :
ceux du dossier pourraient avoir été changés avec lui.

Ce que cela prouve : rien de ceci n’a été modifié depuis le point de contrôle. Cela ne prouve pas que ce qui a été
écrit est vrai, ni que rien n’a été écrit ensuite.
"""
_EN = """PROOF FOLDER

This folder holds what the platform’s journal recorded, and what it takes to check it without trusting it.

  proof.json       the events, their place in the signed log, the checkpoint, the seal
  events.json      the same events, easy to read (null: content that is not told to you)
  documents/       the documents you may read, as they were issued
  documents.json   the proof that the fingerprint of each was written down on the day it was issued
  epcis.jsonld     the same facts as EPCIS 2.0
  checkpoint.txt   the signed checkpoint; checkpoint.pub: the public key
  SHA256SUMS       the fingerprint of each file (also checked by: sha256sum -c SHA256SUMS)
  seal.txt         the signed seal of that list
  verify.py        the verifier: one Python file, nothing else to install

To check the whole folder, without unpacking it (Python 3.9 or later):

  python -I verify.py FOLDER.zip --key "THE PUBLISHED KEY"

Unpacked, it is checked as well: give the name of the folder instead of FOLDER.zip. Papers are compared with the
fingerprint the journal wrote down. A checkpoint you kept is compared with --kept (see /journal).

Take the key from the site (/checkpoint.pub) or the one you were given, and verify.py from the site (/verify.py):
those in the folder could have been changed with it.

What this proves: none of this was altered since the checkpoint. It does not prove that what was written is true,
nor that nothing was written afterwards.
"""
README = {"LISEZ-MOI.txt": _FR, "README.txt": _EN}
