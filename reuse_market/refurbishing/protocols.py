"""Test protocols: what is tried on each kind of device. Dated and versioned: a new version gets a new code.

Source: directive 2012/19/EU annex VI (a test record for each device: kinds of tests, result, date, tester)
and code de la consommation R122-4 (every function tested before the word "reconditionné").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reuse_market.kernel import clock
from reuse_market.kernel.words import N_

ANSWERS = ("ok", "fault", "not_applicable")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to try. `essential`: nothing works without it, so "not applicable" does not pass.

    `lock`: the kind of lock it looks for (bench_models.LOCKS), which only the holder can release.
    """

    code: str
    label: str
    essential: bool = False
    lock: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure a test may keep: whole, between 0 and `most`, beside the check it explains."""

    code: str
    label: str
    unit: str
    most: int


@dataclass(frozen=True, slots=True)
class Protocol:
    """The checks for some kinds, in force from a date."""

    code: str
    kinds: frozenset[str]
    checks: tuple[Check, ...]
    valid_from: date
    readings: tuple[Reading, ...] = ()

    @property
    def battery(self) -> bool:
        """Whether the health of a battery is measured."""
        return any(check.code == "battery" for check in self.checks)

    def passed(self, results: Mapping[str, str]) -> bool:
        """No fault anywhere, and what is essential really tried."""
        return all(
            results[check.code] == "ok" or (results[check.code] == "not_applicable" and not check.essential)
            for check in self.checks
        )

    def state(self, results: Mapping[str, str]) -> str:
        """`ok`: no fault; `partial`: faults, none of them essential nor a lock; `ko`: it cannot be used."""
        if self.passed(results):
            return "ok"
        stops = any(
            results[check.code] != "ok" if check.essential else results[check.code] == "fault"
            for check in self.checks
            if check.essential or check.lock
        )
        return "ko" if stops else "partial"

    def faults(self, results: Mapping[str, str]) -> list[str]:
        """Codes of the checks that found a fault, in the protocol's order."""
        return [check.code for check in self.checks if results[check.code] == "fault"]

    def locked(self, results: Mapping[str, str]) -> list[str]:
        """The kinds of locks a test found."""
        return [check.lock for check in self.checks if check.lock and results[check.code] == "fault"]


_STARTS = Check("power_on", N_("Starts"), essential=True)
_UNLOCKED = Check("locks", N_("No lock left (password, account, remote management)"), essential=True)
_DISPLAY = Check("display", N_("Screen: image, no stain or line"))
_PORTS = Check("ports", N_("Ports"))
_WIFI = Check("wifi", N_("Wi-Fi"))
_BLUETOOTH = Check("bluetooth", N_("Bluetooth"))
_NETWORK = Check("network", N_("Network socket"))
_MICROPHONE = Check("microphone", N_("Microphone"))
_SOUND = Check("sound", N_("Sound"))
_MEMORY = Check("memory", N_("Memory"))
_STORAGE = Check("storage", N_("Storage: health read"))
_BATTERY = Check("battery", N_("Battery: charges and holds"))
_CHARGER = Check("charger", N_("Charger"))
_CAMERA = Check("camera", N_("Camera"))
_BUTTONS = Check("buttons", N_("Buttons"))
_POWER_LEAD = Check("power_lead", N_("Power lead"))
_TOUCH = (
    _STARTS, _UNLOCKED, _DISPLAY, Check("touch", N_("Touch, on the whole screen")), _BUTTONS, _WIFI,
    _BLUETOOTH, _CAMERA, _MICROPHONE, _SOUND, Check("charging", N_("Charging socket")), _BATTERY, _CHARGER,
)  # fmt: skip
_FIRST, _SECOND = date(2026, 1, 1), date(2026, 11, 1)
# The second version: one line for each kind of lock, and the figures a test may keep.
_MDM = Check("lock_mdm", N_("No remote management left (Autopilot, MDM)"), lock="mdm")
_ACTIVATION = Check("lock_activation", N_("No account left (Activation Lock)"), lock="activation")
_FRP = Check("lock_frp", N_("No Google account left (FRP)"), lock="frp")
_BIOS = Check("lock_bios", N_("No BIOS or UEFI password"), lock="bios")
_CYCLES = Reading("battery_cycles", N_("Battery cycles"), "", 10_000)
_HEALTH = Reading("storage_health", N_("Health of the disk"), "%", 100)
_HOURS = Reading("storage_hours", N_("Hours the disk has run"), "h", 200_000)


def _second(code: str, locks: tuple[Check, ...], *readings: Reading) -> Protocol:
    """The next version of a protocol: its one line about locks becomes one for each kind that may be there."""
    first = next(one for one in _FIRST_VERSIONS if one.code == f"{code}-1")
    rest = [check for check in first.checks if check.code != "locks"]
    at = 1 if rest and rest[0].essential else 0
    return Protocol(f"{code}-2", first.kinds, (*rest[:at], *locks, *rest[at:]), _SECOND, readings)


_FIRST_VERSIONS: tuple[Protocol, ...] = (
    Protocol(
        "laptop-1",
        frozenset({"laptop"}),
        (
            _STARTS, _UNLOCKED, _DISPLAY, Check("keyboard", N_("Keyboard, every key")),
            Check("pointer", N_("Touchpad and buttons")), _PORTS, _NETWORK, _WIFI, _BLUETOOTH, _CAMERA,
            _MICROPHONE, _SOUND, _MEMORY, _STORAGE, _BATTERY, _CHARGER,
        ),
        _FIRST,
    ),
    Protocol(
        "desktop-1",
        frozenset({"desktop", "all_in_one", "thin_client", "workstation", "server"}),
        (
            _STARTS, _UNLOCKED, Check("display", N_("Video output, or built-in screen")), _PORTS, _NETWORK,
            _WIFI, _SOUND, _MEMORY, _STORAGE, Check("cooling", N_("Fans and temperature")), _POWER_LEAD,
        ),
        _FIRST,
    ),
    Protocol(
        "monitor-1",
        frozenset({"monitor"}),
        (
            _STARTS, Check("image", N_("Image: no stain, line or dead pixel that shows"), essential=True),
            Check("backlight", N_("Brightness, even")), Check("inputs", N_("Video inputs")), _BUTTONS,
            Check("stand", N_("Stand")), _POWER_LEAD,
        ),
        _FIRST,
    ),
    Protocol("tablet-1", frozenset({"tablet"}), _TOUCH, _FIRST),
    Protocol(
        "smartphone-1",
        frozenset({"smartphone"}),
        (*_TOUCH, Check("mobile_network", N_("Mobile network and call"))),
        _FIRST,
    ),
    Protocol(
        "generic-1",
        frozenset(),
        (
            _STARTS, Check("functions", N_("Every function of the device"), essential=True), _PORTS, _BUTTONS,
            Check("locks", N_("No lock left (password, account, remote management)")), _POWER_LEAD,
        ),
        _FIRST,
    ),
)  # fmt: skip


PROTOCOLS: tuple[Protocol, ...] = (
    *_FIRST_VERSIONS,
    _second("laptop", (_BIOS, _MDM, _ACTIVATION), _CYCLES, _HEALTH, _HOURS),
    _second("desktop", (_BIOS, _MDM, _ACTIVATION), _HEALTH, _HOURS),
    _second("tablet", (_ACTIVATION, _FRP, _MDM), _CYCLES),
    _second("smartphone", (_ACTIVATION, _FRP, _MDM), _CYCLES),
    _second("generic", (_MDM, _BIOS)),
)
READINGS = {one.code: one for made in PROTOCOLS for one in made.readings}


def protocol_for(kind: str, on: date | None = None) -> Protocol:
    """The protocol of a kind in force on a day (today by default); the generic one where it has none."""
    day = on or clock.today()
    fitting = [p for p in PROTOCOLS if kind in p.kinds and p.valid_from <= day]
    generic = [p for p in PROTOCOLS if not p.kinds]
    return max(fitting or generic, key=lambda p: p.valid_from)


def protocol(code: str) -> Protocol:
    """The protocol of that code, to read an old test. KeyError when unknown."""
    return {p.code: p for p in PROTOCOLS}[code]
