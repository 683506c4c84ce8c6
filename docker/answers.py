"""Whether an address answers that all is well: the health check of containers that hold no curl."""

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=8) as response:  # noqa: S310 (the address stands in docker-compose.yml)
    sys.exit(response.status != 200)
