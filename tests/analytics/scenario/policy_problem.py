"""A small province with something to decide, shared by the tests of goals, orders and fronts."""

from dataclasses import replace

from bihuan_analytics.scenario import Disease, Level, Problem, Province, Start

MENU = (
    Level("nothing"),
    Level("tests", detection=0.1, cost=0.5, hardship=0.02, uses={"tests": 0.1}),
    Level("masks", contact_reduction=0.3, cost=0.6, hardship=0.1),
    Level("closure", 0.7, 0.6, 0.15, cost=9.0, hardship=0.6, longest=2, uses={"tests": 0.2}),
)
PROBLEM = Problem(
    province=Province(people=[[500_000.0], [250_000.0]], mobility=[[0.97, 0.03], [0.03, 0.97]]),
    disease=Disease(1.9, 3.0, 5.0, severe=0.03, critical=0.2, icu_death=0.3, ward_death=0.02),
    start=Start([150, 0], days=84),
    menu=MENU,
    beds=[60.0, 30.0],
    period_days=14,
    price=(0.0, 2e5, 2e4, 1.0),
    capacity={"tests": 150_000.0},
)
SMALL = replace(PROBLEM, start=Start([20, 0], days=84))
