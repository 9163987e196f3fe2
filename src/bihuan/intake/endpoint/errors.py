"""Why a model gave no opinion. Codes are never reused."""

from typing import Final

OFF: Final = "model.off"
UNREACHABLE: Final = "model.unreachable"
BAD_ANSWER: Final = "model.bad_answer"
TOO_LONG: Final = "model.too_long"


class ModelFault(Exception):
    """The endpoint could not be asked, or its answer is not to be believed."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
