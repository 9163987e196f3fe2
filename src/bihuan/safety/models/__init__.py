"""Tables of work safety, by thing."""

from bihuan.safety.models.orders import RestartSignature, StopOrder
from bihuan.safety.models.registers import Count, Establishment, Kind, Statement, Upload

__all__ = [
    "Count",
    "Establishment",
    "Kind",
    "RestartSignature",
    "Statement",
    "StopOrder",
    "Upload",
]
