"""Asks a TAXII 2.1 server more often than it likes with the `taxii2-client` package, and waits as it is told to.

usage: patient.py URL TIMES   (the password of the account `patient` on standard input)

URL is that of a collection. Asks TIMES times for its first object; where the answer is 429, waits as long as `Retry-After` says
and asks again. Prints as JSON how many objects came, and how many times it was told to wait.
"""

import json
import sys

from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from taxii2client.common import _HTTPConnection
from taxii2client.v21 import Collection
from urllib3.util.retry import Retry


class Waits(Retry):
    """Counts how often it waits; the package makes a new one of these for each request."""

    told = 0

    def get_retry_after(self, response):
        seconds = super().get_retry_after(response)
        assert seconds is not None and 1 <= seconds <= 60, seconds
        Waits.told += 1
        return seconds


def main():
    url, times = sys.argv[1], int(sys.argv[2])
    password = sys.stdin.readline().rstrip("\n")
    connection = _HTTPConnection(auth=HTTPBasicAuth("patient", password), verify=False, version="2.1")
    # nothing but what the server says makes it wait
    waits = Waits(total=3, status_forcelist=[429], backoff_factor=0, respect_retry_after_header=True)
    connection.session.mount("http://", HTTPAdapter(max_retries=waits))
    connection.session.mount("https://", HTTPAdapter(max_retries=waits))
    collection = Collection(url, conn=connection)
    objects = sum(len(collection.get_objects(limit=1)["objects"]) for _ in range(times))
    json.dump({"objects": objects, "told": Waits.told}, sys.stdout)


if __name__ == "__main__":
    main()
