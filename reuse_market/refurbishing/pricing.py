"""What a device costs: with and without VAT, by the seller's scheme. Pure; integers in cents, half up."""

from __future__ import annotations

from dataclasses import dataclass

VAT = "vat.standard"  # the dated rate (kernel.dated.Rate); CGI art. 278
SCHEMES = ("standard", "exempt", "margin")


@dataclass(frozen=True, slots=True)
class Price:
    """`net_cents`: what the seller asks (HT; the one price when exempt or on the margin).

    `gross_cents`: what the buyer pays, VAT included; None when the rate is not known. `per_mille`: the rate
    shown, standard scheme only. Exempt and margin sellers show no VAT (CGI art. 293 B or 261; art. 297 E).
    """

    net_cents: int
    gross_cents: int | None
    scheme: str
    per_mille: int | None = None

    @property
    def free(self) -> bool:
        """Nothing to pay."""
        return self.net_cents == 0

    def times(self, units: int) -> Price:
        """The price of `units` of them: a multiple of the unit prices shown, so that papers add up."""
        gross = None if self.gross_cents is None else self.gross_cents * units
        return Price(self.net_cents * units, gross, self.scheme, self.per_mille)


def price(cents: int, scheme: str, vat_per_mille: int | None) -> Price:
    """The price of one device of `cents` under a scheme; `vat_per_mille` is the rate in force, if known."""
    if scheme != "standard" or cents == 0:
        return Price(cents, cents, scheme)
    if vat_per_mille is None:
        return Price(cents, None, scheme)
    return Price(cents, cents + (cents * vat_per_mille + 500) // 1000, scheme, vat_per_mille)


def net_of(gross_cents: int, scheme: str, vat_per_mille: int | None) -> int:
    """What a seller asks (HT) so that the buyer pays `gross_cents`, or a cent less where rounding skips it."""
    if scheme != "standard" or not vat_per_mille:
        return gross_cents
    net = (gross_cents * 1000) // (1000 + vat_per_mille) + 1
    while (price(net, scheme, vat_per_mille).gross_cents or 0) > gross_cents:
        net -= 1
    return net
