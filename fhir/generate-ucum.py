#!/usr/bin/env python3
"""Write ucum_table.c from ucum-essence.xml: generate-ucum.py ucum-essence.xml > ucum_table.c

Only facts are taken: code, metric or not, dimensions, exact factor. Every factor is resolved down to
base units as a fraction, with powers of ten and of pi kept apart. mol, eq and osm become dimensions
of their own (see ucum.h); arbitrary units and those on a logarithmic scale stand for themselves.
"""
import re
import sys
import xml.etree.ElementTree as tree
from fractions import Fraction

NS = "{http://unitsofmeasure.org/ucum-essence}"
BASE = ["m", "s", "g", "rad", "K", "C", "cd", "mol", "eq", "osm"]
SHIFT = {"Cel": (1, Fraction(1)), "degF": (2, Fraction(5, 9)), "degRe": (1, Fraction(5, 4))}
TEMPERATURE = [1 if code == "K" else 0 for code in BASE]
TOKEN = re.compile(r"([./()])|((?:\[[^\]]*\]|[^./()\[\]0-9+-]|10[*^])+)([+-]?\d+)?|(\d+)")


class Unit:
    """factor * pi**pi in base units."""

    def __init__(self, factor=Fraction(1), pi=0, dim=None):
        self.factor, self.pi, self.dim = factor, pi, dim or [0] * len(BASE)

    def times(self, other, power):
        return Unit(self.factor * other.factor**power, self.pi + other.pi * power,
                    [a + b * power for a, b in zip(self.dim, other.dim)])


class Essence:
    def __init__(self, path):
        root = tree.parse(path).getroot()
        self.prefix = {p.get("Code"): Fraction(p.find(NS + "value").get("value"))
                       for p in root.iter(NS + "prefix")}
        self.units = {u.get("Code"): u for u in root.iter(NS + "unit")}
        self.known = {}
        for i, code in enumerate(BASE):
            self.known[code] = Unit(dim=[int(i == k) for k in range(len(BASE))])
        self.known["[pi]"] = Unit(pi=1)

    def metric(self, code):
        return code in BASE or self.units[code].get("isMetric") == "yes"

    def atom(self, symbol):
        if symbol in self.known:
            return self.known[symbol]
        if symbol in self.units:
            value = self.units[symbol].find(NS + "value")
            unit = self.term(value.get("Unit"))
            self.known[symbol] = Unit(unit.factor * Fraction(value.get("value")), unit.pi, unit.dim)
            return self.known[symbol]
        for n in (2, 1):
            if symbol[:n] in self.prefix and symbol[n:] in list(self.units) + BASE:
                unit = self.atom(symbol[n:])
                return Unit(unit.factor * self.prefix[symbol[:n]], unit.pi, unit.dim)
        raise KeyError(symbol)

    def term(self, text):
        result, power, at = Unit(), 1, 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(text)
            operator, symbol, exponent, integer = match.groups()
            at = match.end()
            if operator:
                power = -1 if operator == "/" else 1
            elif integer:
                result = result.times(Unit(Fraction(int(integer))), power)
            elif symbol in ("10*", "10^"):
                result = result.times(Unit(Fraction(10)**int(exponent or 1)), power)
            else:
                result = result.times(self.atom(symbol), power * int(exponent or 1))
        return result


def split(factor):
    """A fraction as (top, bottom, power of ten)."""
    top, bottom, ten = factor.numerator, factor.denominator, 0
    while top % 10 == 0:
        top, ten = top // 10, ten + 1
    while bottom % 2 == 0:
        top, bottom, ten = top * 5, bottom // 2, ten - 1
    while bottom % 5 == 0:
        top, bottom, ten = top * 2, bottom // 5, ten - 1
    while top % 10 == 0:
        top, ten = top // 10, ten + 1
    return top, bottom, ten


def rows(essence):
    for code in BASE:
        yield code, essence.known[code], 0, 0
    for code, xml in essence.units.items():
        if code in BASE:
            continue
        function = xml.find(NS + "value/" + NS + "function")
        if xml.get("isSpecial") == "yes":
            shift, factor = SHIFT.get(function.get("name"), (0, Fraction(1)))
            yield code, Unit(factor, dim=TEMPERATURE if shift else None), shift, int(not shift)
        elif xml.get("isArbitrary") == "yes" and xml.find(NS + "value").get("Unit") == "1":
            yield code, Unit(), 0, 1
        elif xml.get("isArbitrary") == "yes":
            yield code, Unit(), 0, xml.find(NS + "value").get("Unit")
        else:
            yield code, essence.atom(code), 0, 0


def main():
    essence = Essence(sys.argv[1])
    table = sorted(rows(essence), key=lambda row: row[0].encode())
    place = {row[0]: i for i, row in enumerate(table)}
    print("/* Made by generate-ucum.py from ucum-essence.xml 2.0.1. Do not edit. */")
    print('#include "fhir/ucum_internal.h"\n')
    print("const struct ucum_row ucum_rows[] = {")
    for code, unit, shift, own in table:
        top, bottom, ten = split(unit.factor)
        assert top < 2**64 and bottom < 2**64, code
        if own:
            own = place[own if isinstance(own, str) else code] + 1
        print('\t{ "%s", %du, %du, %d, %d, %d, %d, %d, { %s } },' % (
            code, top, bottom, ten, own, unit.pi, shift, essence.metric(code),
            ", ".join(map(str, unit.dim))))
    print("};\n\nconst size_t ucum_row_count = sizeof(ucum_rows) / sizeof(*ucum_rows);\n")
    print("const struct ucum_prefix ucum_prefixes[] = {")
    for code, factor in sorted(essence.prefix.items()):
        print('\t{ "%s", %du, %d },' % ((code,) + (lambda t: (t[0], t[2]))(split(factor))))
    print("};\n\nconst size_t ucum_prefix_count = sizeof(ucum_prefixes) / sizeof(*ucum_prefixes);")


main()
