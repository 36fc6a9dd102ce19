"""Runs inside the virtual environment that has aerleon: a policy as JSON on stdin, the rendered files as JSON on stdout."""

import json
import sys

from aerleon import api
from aerleon.lib import naming


def main():
    """One policy."""
    question = json.load(sys.stdin)
    definitions = naming.Naming()
    definitions.ParseDefinitionsObject(question["definitions"], "")
    files = api.Generate([question["policy"]], definitions)
    json.dump({str(name): text for name, text in dict(files).items()}, sys.stdout)


if __name__ == "__main__":
    main()
