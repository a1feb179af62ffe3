"""What `examples/generate.py` is made of: draws, STIX objects, tables, the two authorities and the checks."""
