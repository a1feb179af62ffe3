"""Reads and writes every resource of a TAXII 2.1 server with the `taxii2-client` and `stix2` packages.

usage: client.py URL READ WRITE   (the password of the account `desk` on standard input)

URL is the discovery resource, READ and WRITE are the titles of collections. Prints what it saw as JSON, and ends with 1
where the server does something that these packages do not expect.
"""

import json
import sys

import stix2
from stix2.datastore.taxii import TAXIICollectionSource
from taxii2client.exceptions import TAXIIServiceException
from taxii2client.v21 import Server, as_pages


def main():
    url, read, write = sys.argv[1:4]
    password = sys.stdin.readline().rstrip("\n")
    server = Server(url, user="desk", password=password, verify=False)
    seen = {"title": server.title, "roots": len(server.api_roots)}
    root = server.default
    assert root.versions == ["application/taxii+json;version=2.1"], root.versions
    assert root.max_content_length > 0
    by_title = {it.title: it for it in root.collections}
    readable, writable = by_title[read], by_title[write]
    assert readable.can_read and not readable.can_write
    assert writable.can_read and writable.can_write

    # pages, one after the other, are the whole
    paged = [it for page in as_pages(readable.get_objects, per_request=7) for it in page.get("objects", [])]
    whole = readable.get_objects(limit=1000).get("objects", [])
    assert [it["id"] for it in paged] == [it["id"] for it in whole], "pages are not the whole"
    seen["objects"] = len(whole)
    manifest = [
        it for page in as_pages(readable.get_manifest, per_request=7) for it in page.get("objects", [])
    ]
    assert [it["id"] for it in manifest] == [it["id"] for it in whole]
    assert readable.get_objects(added_after=manifest[-2]["date_added"])["objects"] == whole[-1:]
    assert readable.get_objects(type="malware") == {}
    first = whole[0]
    assert readable.get_object(first["id"])["objects"] == [first]
    versions = readable.object_versions(first["id"])
    seen["versions"] = versions

    # what stix2 makes is taken, and what it reads is what it made
    indicator = stix2.Indicator(
        name="Written by a client",
        pattern="[domain-name:value = 'shop.example']",
        pattern_type="stix",
        object_marking_refs=[stix2.TLP_GREEN],
    )
    envelope = {"objects": [json.loads(indicator.serialize()), {"type": "indicator", "id": "broken"}]}
    status = writable.add_objects(envelope, wait_for_completion=False)
    assert status.status == "complete", status.status
    assert (status.success_count, status.failure_count, status.pending_count) == (1, 1, 0)
    status.refresh()
    assert status.successes[0]["id"] == indicator.id
    seen["failure"] = status.failures[0]["message"]
    source = TAXIICollectionSource(writable)
    assert source.get(indicator.id) == indicator, "it came back as something else"
    newer = indicator.new_version(name="Written again")
    writable.add_objects({"objects": [json.loads(newer.serialize())]})
    assert source.get(indicator.id).name == "Written again"
    assert len(source.all_versions(indicator.id)) == 2
    writable.delete_object(indicator.id)
    try:
        writable.get_object(indicator.id)
        raise AssertionError("it is still there")
    except Exception as error:  # requests' error for 404
        assert "404" in str(error), error
    try:
        readable.add_objects({"objects": []})
        raise AssertionError("it could be written")
    except TAXIIServiceException as error:
        seen["refused"] = str(error)
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
