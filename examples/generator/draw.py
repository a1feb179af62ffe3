"""Draws that depend on a seed and a name alone, so that adding an object leaves all the others as they were."""

import hashlib
import uuid

SEED = "comity-examples/1"


class Draw:
    """A sequence of draws for one name. Two of the same name give the same sequence, on every machine."""

    def __init__(self, name):
        self.name = name
        self.count = 0

    def block(self):
        """The next 32 bytes."""
        self.count += 1
        return hashlib.sha256(f"{SEED}|{self.name}|{self.count}".encode()).digest()

    def below(self, limit):
        """A number from 0 to limit - 1. The bias of the remainder is under 2^-200."""
        return int.from_bytes(self.block(), "big") % limit

    def between(self, low, high):
        """A number from low to high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, options):
        """One of them."""
        return options[self.below(len(options))]

    def some(self, options, count):
        """So many different ones, in their own order."""
        left = list(range(len(options)))
        chosen = sorted(left.pop(self.below(len(left))) for _ in range(count))
        return [options[index] for index in chosen]

    def uuid4(self):
        """The version-4 form of the next 16 bytes."""
        return str(uuid.UUID(bytes=self.block()[:16], version=4))
