"""Pages of supervision: problems, plans, visits, rounds, findings from outside, burden."""
