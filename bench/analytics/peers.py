"""R packages run beside our own code in one process tree, or a reason why they were not."""

import shutil
import subprocess

RUNNING = {
    "surveillance": """
suppressMessages(library(surveillance))
y <- as.matrix(read.csv(file("stdin"), header=FALSE))
s <- sts(observed=y, start=c(2000, 1), frequency=52,
         epoch=as.numeric(as.Date("2000-01-03") + 7 * (0:(nrow(y) - 1))), epochAsDate=TRUE)
weeks <- (nrow(y) - 3):nrow(y)
spent <- system.time(farringtonFlexible(s, control=list(range=weeks, b=5, w=3, noPeriods=10,
  pastWeeksNotIncluded=26, weightsThreshold=2.58, pThresholdTrend=1, alpha=0.005,
  limit54=c(0, 4), thresholdMethod="delta", glmWarnings=FALSE, reweight=TRUE, trend=TRUE,
  powertrans="2/3", fitFun="algo.farrington.fitGLM.flexible", populationOffset=FALSE)))
cat(sum(spent[1:2]) / length(weeks) / ncol(y), "")
spent <- system.time(earsC(s, control=list(method="C1", baseline=7, minSigma=0.5, alpha=0.001,
  range=10:nrow(y))))
cat(sum(spent[1:2]) / (nrow(y) - 9) / ncol(y), "")
""",
    "EpiEstim": """
suppressMessages(library(EpiEstim))
y <- as.matrix(read.csv(file("stdin"), header=FALSE))
rules <- make_config(list(mean_si=8.4, std_si=3.8))
spent <- system.time(for (i in 1:ncol(y))
  suppressMessages(suppressWarnings(estimate_R(y[, i], "parametric_si", config=rules))))
cat(sum(spent[1:2]) / ncol(y), "")
""",
}


def r_seconds(package, columns):
    """CPU seconds that R needs for each unit of work, or None with a reason on the screen.

    columns: series as columns of a table, given to R as CSV.
    """
    if shutil.which("Rscript") is None:
        print(f"# R's {package} was not run: there is no Rscript here")
        return None
    text = "\n".join(",".join(str(int(value)) for value in row) for row in columns)
    done = subprocess.run(
        ["Rscript", "-e", RUNNING[package]], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"# R's {package} was not run: {done.stderr.strip().splitlines()[-1]}")
        return None
    return [float(part) for part in done.stdout.split()]
