"""Parc commun. `flask --app app …` for commands; `python app.py` serves the embedded default.

`python app.py --demo` migrates, loads demo data into an empty database, prints the sign-ins and serves.
"""

from __future__ import annotations

import argparse
import os

if __name__ == "__main__":  # before the settings are read
    _asked = argparse.ArgumentParser(
        description="Serve Parc commun on this machine. Settings are read from the environment: docs/settings.md.",
        epilog="Other commands: flask --app app --help",
    )
    _asked.add_argument(
        "--demo",
        action="store_true",
        help="load the demonstration into an empty database, print its sign-ins",
    )
    if _asked.parse_args().demo:
        os.environ["REUSE_MARKET_DEMO"] = "1"

from reuse_market.factory import create_app

app = create_app()

if __name__ == "__main__":
    from reuse_market.serving import serve

    serve(app)
