"""Numbers that carry a check digit: containers (ISO 6346), ships (IMO) and substances (CAS)."""

LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11)))


def container_check_digit(first_ten):
    """The eleventh sign of a container number, from its first ten (ISO 6346 annex A)."""
    values = (LETTER_VALUES.get(sign) or int(sign) for sign in first_ten)
    return str(sum(value << place for place, value in enumerate(values)) % 11 % 10)


def container(draw, owner):
    """A container number of an owner code of three letters."""
    while True:
        first_ten = f"{owner}U{draw.between(100000, 999999)}"
        # ISO 6346 advises against serial numbers whose remainder is 10: they share the digit 0.
        digit = container_check_digit(first_ten)
        if digit != "0":
            return first_ten + digit


def imo_check_digit(first_six):
    """The seventh digit of a ship's number."""
    return str(sum(int(digit) * weight for digit, weight in zip(first_six, range(7, 1, -1))) % 10)


def imo(first_six):
    """A ship's number from its first six digits."""
    return first_six + imo_check_digit(first_six)


def cas_is_right(cas):
    """Whether the last digit of a CAS registry number agrees with the others."""
    digits = cas.replace("-", "")
    weighted = sum(int(digit) * place for place, digit in enumerate(reversed(digits[:-1]), 1))
    return weighted % 10 == int(digits[-1])
