"""`python -m bench.sensing`: a nation's night. See bench.sensing.nation."""

from bench.sensing.nation import main

main()
