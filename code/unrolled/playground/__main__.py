"""Print the catalogue as JSON: python -m unrolled.playground."""

import json

from . import catalogue

print(json.dumps(catalogue()))
