"""What a check found."""

from typing import NamedTuple


class Report(NamedTuple):
    """The verdict of a check. Print it to read it.

    check : str         the name of the check
    findings : tuple    a sentence for each thing that is wrong; none if all is well
    looked : str        what was done
    numbers : object    what was measured, for a picture; each check says what that is
    unsure : tuple      a sentence for each thing that cannot be told from this model and data
    """

    check: str
    findings: tuple
    looked: str
    numbers: object = None
    unsure: tuple = ()

    @property
    def ok(self):
        """True if nothing was found to be wrong, though something may not be told."""
        return not self.findings

    def __str__(self):
        head = f"{self.check}: {'ok' if self.ok else 'WRONG'}"
        lines = [*(self.findings or [self.looked]), *(f"cannot tell: {s}" for s in self.unsure)]
        return "\n".join([head, *(f"  {line}" for line in lines)])

    __repr__ = __str__


def listed(numbers, most=6):
    """Some integers in words, such as "step 3" could end: "0, 1, 2 and 5 more"."""
    numbers = [str(int(number)) for number in numbers]
    more = len(numbers) - most
    return ", ".join(numbers[:most]) + (f" and {more} more" if more > 0 else "")
