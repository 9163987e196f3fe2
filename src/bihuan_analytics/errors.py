"""The one exception of the package: a stable code and the facts that explain it."""


class NumericsError(ValueError):
    """The input cannot be computed with.

    `code` is stable and never reused (docs/methods/errors.md lists all of them); `facts` name the
    offending index, value or limit.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code
