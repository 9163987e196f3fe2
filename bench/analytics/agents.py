"""Agent-days per CPU-second, memory, and Covasim beside it; run: python -m bench.analytics.agents.

Covasim needs an environment of its own; COVASIM_PYTHON names its interpreter, without it the peer
is skipped. Both simulate 100,000 persons in households, schools, workplaces and a community over
60 days from one exposed in a thousand, with tests and contact tracing on.
"""

import os
import resource
import subprocess
import sys
import time

import numpy as np

from bihuan_analytics.agents import Contacts, Illness, Response, simulate_city, synthetic_city
from bihuan_analytics.scenario import Disease, Start

DAYS = 60
ILLNESS = Illness(
    Disease(3.0, 4.6, 8.0, severe=[0.001, 0.01, 0.08], critical=0.25, icu_death=0.4),
    latent_shape=4.0,
    infectious_shape=4.0,
    symptom_day=1,
    symptomatic=0.7,
    dispersion=0.45,
)
ALL_ON = {
    "compliance": 0.8,
    "town": 0.1,
    "testing": 0.1,
    "screening": 0.002,
    "sensitivity": 0.9,
    "result_days": 1,
    "traced": (1.0, 0.3, 0.1, 0.1),
    "trace_days": 1,
    "efficacy": 0.5,
}
COVASIM = """
import time, covasim as cv
cv.options(verbose=0)
tests = cv.test_prob(symp_prob=0.1, asymp_prob=0.002, test_delay=1)
traced = cv.contact_tracing(trace_probs=dict(h=1.0, s=0.3, w=0.3, c=0.1), trace_time=1)
sim = cv.Sim(pop_size={people}, pop_type="hybrid", pop_infected=100, n_days=60, rand_seed=1,
             interventions=[tests, traced])
sim.init()
start = time.process_time()
sim.run()
spent = time.process_time() - start
print(f"Covasim {{cv.__version__}}: {{spent:.2f}} CPU-s, {{{people} * 60 / spent / 1e6:.2f}} million"
      f" agent-days a second, infected {{sim.summary['cum_infections']:.0f}}")
"""


def measure(people, name, response, contacts):
    city = synthetic_city(people, rng=np.random.default_rng(1))
    begin = time.process_time()
    found = simulate_city(
        city,
        ILLNESS,
        contacts,
        response,
        Start([people // 1000], DAYS),
        rng=np.random.default_rng(2),
    )
    spent = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{people:>10,} persons, {name:14s} {spent:6.2f} CPU-s,"
        f" {people * DAYS / spent / 1e6:6.1f} million agent-days a second,"
        f" infected {found.infections.sum():>9,}, quarantined {found.quarantined.sum():>9,},"
        f" {memory:.2f} GiB",
        flush=True,
    )


def peer(people):
    interpreter = os.environ.get("COVASIM_PYTHON")
    if not interpreter:
        print("Covasim: skipped, COVASIM_PYTHON names no interpreter that has it")
        return
    done = subprocess.run(
        [interpreter, "-c", COVASIM.format(people=people)],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout.strip().splitlines()[-1] if done.returncode == 0 else done.stderr[-500:])


def main():
    sizes = [int(float(size)) for size in sys.argv[1:]] or [100_000, 1_000_000]
    town = Contacts()
    measure(1000, "compiling", Response(), town)
    for people in sizes:
        on = Response(
            **ALL_ON,
            tests=people * 0.02,
            tracers=people / 200,
            places=people / 100,
            doses=people / 2000,
        )
        measure(people, "no measures", Response(), town)
        measure(people, "all on", on, town)
    peer(100_000)


if __name__ == "__main__":
    main()
