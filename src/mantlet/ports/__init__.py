"""The four doors to the outside: clock, randomness, files, sockets.

Everything that could differ between two runs comes through one of them, each in a real and a
simulated form, so the whole pipeline can be run under one seed with faults injected.
"""
