"""Early warning: from counts over time to judged points, many series at once."""

from bihuan_analytics.early_warning.alerts import discoveries, within_budget
from bihuan_analytics.early_warning.charts import cusum, ewma
from bihuan_analytics.early_warning.clusters import Clusters, clusters
from bihuan_analytics.early_warning.control import ClassicControl, FlexibleControl
from bihuan_analytics.early_warning.ears import ears
from bihuan_analytics.early_warning.farrington import farrington_classic, farrington_flexible
from bihuan_analytics.early_warning.percentile import PercentileControl, moving_percentile
from bihuan_analytics.early_warning.result import Detection, FarringtonDetection, Reason
from bihuan_analytics.early_warning.silence import (
    Silence,
    ZeroRun,
    report_silence,
    suspicious_zeros,
)

__all__ = [
    "ClassicControl",
    "Clusters",
    "Detection",
    "FarringtonDetection",
    "FlexibleControl",
    "PercentileControl",
    "Reason",
    "Silence",
    "ZeroRun",
    "clusters",
    "cusum",
    "discoveries",
    "ears",
    "ewma",
    "farrington_classic",
    "farrington_flexible",
    "moving_percentile",
    "report_silence",
    "suspicious_zeros",
    "within_budget",
]
