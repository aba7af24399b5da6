"""Parc commun. `flask --app app …` for commands; `python app.py` serves the embedded default.

`python app.py --demo` migrates, loads demo data into an empty database, prints the sign-ins and serves.
"""

from __future__ import annotations

import os
import sys

if "--demo" in sys.argv:
    os.environ["REUSE_MARKET_DEMO"] = "1"

from reuse_market.factory import create_app

app = create_app()

if __name__ == "__main__":
    from reuse_market.serving import serve

    serve(app)
