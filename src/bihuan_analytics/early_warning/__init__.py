"""Early warning: from counts over time to judged points, many series at once."""

from bihuan_analytics.early_warning.alerts import discoveries, within_budget
from bihuan_analytics.early_warning.charts import cusum, ewma
from bihuan_analytics.early_warning.clusters import Clusters, clusters
from bihuan_analytics.early_warning.control import ClassicControl, FlexibleControl
from bihuan_analytics.early_warning.ears import ears
from bihuan_analytics.early_warning.farrington import farrington_classic, farrington_flexible
from bihuan_analytics.early_warning.likelihood import likelihood_ratio
from bihuan_analytics.early_warning.percentile import PercentileControl, moving_percentile
from bihuan_analytics.early_warning.result import Detection, FarringtonDetection, Reason
from bihuan_analytics.early_warning.scan import (
    ScanControl,
    SpaceTimeCluster,
    space_time_scan,
)
from bihuan_analytics.early_warning.silence import (
    Silence,
    ZeroRun,
    report_silence,
    suspicious_zeros,
)
from bihuan_analytics.early_warning.streams import Memory, StreamDetection

__all__ = [
    "ClassicControl",
    "Clusters",
    "Detection",
    "FarringtonDetection",
    "FlexibleControl",
    "Memory",
    "PercentileControl",
    "Reason",
    "ScanControl",
    "Silence",
    "SpaceTimeCluster",
    "StreamDetection",
    "ZeroRun",
    "clusters",
    "cusum",
    "discoveries",
    "ears",
    "ewma",
    "farrington_classic",
    "farrington_flexible",
    "likelihood_ratio",
    "moving_percentile",
    "report_silence",
    "space_time_scan",
    "suspicious_zeros",
    "within_budget",
]
