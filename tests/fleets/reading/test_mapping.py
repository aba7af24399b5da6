"""Labels of every tool find their field; people's data find none."""

from __future__ import annotations

import pytest

from reuse_market.fleets.reading import Mapping, header_signature, propose
from reuse_market.fleets.reading.formats import format_of
from reuse_market.kernel.errors import Invalid

GLPI_EN = (
    "Name;Status;Manufacturer;Serial number;Type;Model;Opera"
    "ting System - Name;Location;Last update;Inventory number"
)
INTUNE = (
    "Device ID,Device name,Enrollment date,Last check-in,Azure AD Device ID,OS version,Serial number,"
    "Manufacturer,Model,IMEI,Total storage,Free storage,Primary user UPN,Primary user email address,"
    "Primary user display name,Compliance,Managed by,Ownership,Encrypted,OS,SkuFamily,JoinType,Phone number"
)
LANSWEEPER = (
    "AssetID,AssetName,PurchaseDate,State,AssetTypename,Manufacturer,Model,Serialnumber,Contact,Purchase Cost"
)
JAMF = (
    "Computer Serial,Display Name,Asset Tag,Username,Real N"
    "ame,Email Address,Building,Vendor,PO Date,Lease Expires"
)
SHELF = ["title", "description", "kit", "category", "location", "custodian", "cf: Serial number,type:text"]
SCCM = ["Name0", "Manufacturer0", "Model0", "SerialNumber0"]
OCS = (
    "Account info: TAG;Machine;Utilisateur connecté;Systeme;RAM (M"
    "o);CPU (MHz);Fabricant;Modèle;BIOS Numéro de série;Adresse IP"
)


@pytest.mark.parametrize(
    ("header", "format_name", "fields", "personal"),
    [
        (
            GLPI_EN.split(";"),
            "glpi-csv",
            {"hostname": 0, "maker": 2, "serial": 3, "kind": 4, "asset_tag": 9},
            0,
        ),
        (INTUNE.split(","), "intune-csv", {"serial": 6, "storage_mb": 10, "ownership": 17, "os": 19}, 5),
        (LANSWEEPER.split(","), "lansweeper", {"kind": 4, "serial": 7, "bought_on": 2, "hostname": 1}, 1),
        (JAMF.split(","), "jamf", {"serial": 0, "asset_tag": 2, "lease_end": 9, "site": 6}, 3),
        (SHELF, "shelf", {"model": 0, "kind": 3, "serial": 6}, 1),
        (SCCM, "sccm-csv", {"hostname": 0, "maker": 1, "model": 2, "serial": 3}, 0),
        (OCS.split(";"), "ocs-csv", {"ram_mb": 4, "serial": 8, "os": 3, "entity": 0}, 2),
    ],
)
def test_the_labels_of_each_tool(
    header: list[str], format_name: str, fields: dict[str, int], personal: int
) -> None:
    mapping = propose(header)
    assert format_of(header, "csv") == format_name
    assert fields.items() <= mapping.places.items()
    assert mapping.targets().count("personal") == personal
    assert not {"cpu"} & mapping.places.keys()
    mapping.validate()


@pytest.mark.parametrize(
    "label", ["Nom de l'utilisateur", "E-mail du contact", "Tél. de l'agent", "Login Windows"]
)
def test_people_are_never_mapped(label: str) -> None:
    assert propose([label, "Model"]).targets()[0] == "personal"
    assert propose([label, "Model"]).dropped == [label]


def test_a_column_of_addresses_is_personal_whatever_its_label() -> None:
    rows = [["someone@demo.example", "Latitude"], ["", "Latitude"]]
    assert propose(["Désignation", "Modèle"], rows).targets() == ["personal", "model"]


@pytest.mark.parametrize(
    ("label", "field"), [("Serial Nbr", "serial"), ("Modèle de PC", "model"), ("N° Série", "serial")]
)
def test_likely_labels_are_proposed_and_doubtful_ones_asked(label: str, field: str) -> None:
    column = propose([label]).columns[0]
    assert column.target == field
    assert column.to_ask == (column.confidence < 90)
    assert label == "N° Série" or column.to_ask


def test_two_columns_on_one_field_are_refused_by_name() -> None:
    with pytest.raises(Invalid, match="“S/N” and “Serial”"):
        Mapping.settled(["S/N", "Serial"], ["serial", "serial"])


@pytest.mark.parametrize("targets", [["ignore", "ignore"], ["serial", "shoe_size"], ["serial"]])
def test_a_mapping_that_tells_no_device_is_refused(targets: list[str]) -> None:
    with pytest.raises(Invalid):
        Mapping.settled(["a", "b"], targets)


def test_the_signature_forgets_case_and_accents_but_not_order() -> None:
    assert header_signature(["Numéro de série", "Modèle"]) == header_signature(["NUMERO DE SERIE", "modele "])
    assert header_signature(["Modèle", "Nom"]) != header_signature(["Nom", "Modèle"])


def test_a_computer_never_takes_the_serial_number_of_the_screen_beside_it() -> None:
    for header, places in (
        (["N° série écran", "Modèle écran", "Modèle PC", "N° série PC"], {"model": 2, "serial": 3}),
        (["Modèle PC", "Modèle écran", "N° série écran"], {"model": 0}),
        (["Moniteur - Numéro de série", "Nom", "Numéro de série", "Modèle"], {"serial": 2, "model": 3}),
        (["Modèle écran", "N° série écran", "Taille écran"], {"model": 0, "serial": 1, "screen_tenths": 2}),
    ):
        assert (
            places.items()
            == {name: at for name, at in propose(header).places.items() if name != "hostname"}.items()
        ), header
