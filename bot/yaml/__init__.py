"""YAML that people write by hand: ``source`` knows where everything stands, ``reader`` takes it strictly."""
