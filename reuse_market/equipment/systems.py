"""What is left of a device's operating system once its storage media were erased. Pure."""

from __future__ import annotations

# Their system lies on the medium that is erased; a reset leaves a tablet or a telephone its own.
ON_MEDIA = frozenset({"laptop", "desktop", "all_in_one", "thin_client", "workstation", "server"})
KINDS = ON_MEDIA | {"tablet", "smartphone"}  # those a buyer expects a system on


def offered(kind: str, installed: str | None, listed: str | None) -> str | None:
    """The system a device is offered with: `installed` on the bench; else what its erasure left of `listed`.

    None: without a system (a computer), or none is known (a telephone, a screen).
    """
    return installed or (None if kind in ON_MEDIA else listed or None)


def without(kind: str, system: str | None) -> bool:
    """Whether a device is offered as a computer without a system, which buyers must read."""
    return kind in ON_MEDIA and not system
