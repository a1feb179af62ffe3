"""Reads and writes every resource of a TAXII 2.1 server with the `taxii2-client` and `stix2` packages.

usage: client.py URL READ WRITE   (the password of the account `desk` on standard input)

URL is the discovery resource, READ and WRITE are the titles of collections. Prints what it saw as JSON, and ends with 1
where the server does something that these packages do not expect.
"""

import json
import sys
from datetime import datetime, timezone

import requests
import stix2
from stix2.datastore.taxii import TAXIICollectionSink, TAXIICollectionSource, TAXIICollectionStore
from taxii2client.exceptions import TAXIIServiceException
from taxii2client.v21 import ApiRoot, Collection, Server, as_pages


def main():
    url, read, write = sys.argv[1:4]
    password = sys.stdin.readline().rstrip("\n")
    who = {"user": "desk", "password": password, "verify": False}
    server = Server(url, **who)
    seen = {"title": server.title, "roots": len(server.api_roots)}
    root = server.default
    root.refresh()
    assert root.versions == ["application/taxii+json;version=2.1"], root.versions
    assert root.max_content_length > 0 and root.title
    by_title = {it.title: it for it in root.collections}
    readable, writable = by_title[read], by_title[write]
    assert readable.can_read and not readable.can_write
    assert writable.can_read and writable.can_write
    assert readable.media_types == ["application/stix+json;version=2.1"], readable.media_types
    same = Collection(f"{root.url}collections/{readable.id}/", **who)
    assert (same.title, same.alias) == (readable.title, readable.alias), "the id finds another collection"

    seen.update(reading(readable))
    seen.update(writing(ApiRoot(root.url, **who), writable, readable))
    stores(writable)
    json.dump(seen, sys.stdout)


def reading(collection):
    """Objects, manifest, one object and its versions, whole and in pages, with every filter."""

    def pages(resource, **filters):
        pages = as_pages(resource, per_request=7, **filters)
        return [it for page in pages for it in page.get("objects", [])]

    whole = collection.get_objects(limit=1000).get("objects", [])
    manifest = pages(collection.get_manifest)
    assert pages(collection.get_objects) == whole, "pages are not the whole"
    assert [it["id"] for it in manifest] == [it["id"] for it in whole]
    first, last = whole[0], whole[-1]
    assert collection.get_objects(added_after=manifest[-2]["date_added"])["objects"] == [last]
    assert collection.get_objects(added_after=datetime.now(timezone.utc)) == {}
    assert collection.get_objects(type="malware") == {}
    assert pages(collection.get_objects, type=["indicator", "malware"]) == whole
    assert pages(collection.get_objects, spec_version="2.1", version="all") == whole
    assert collection.get_objects(id=[first["id"], last["id"]])["objects"] == [first, last]
    assert collection.get_objects(version=first["modified"], id=first["id"])["objects"] == [first]
    assert [it["id"] for it in collection.get_manifest(id=last["id"])["objects"]] == [last["id"]]
    assert collection.get_object(first["id"])["objects"] == [first]
    assert collection.get_object(first["id"], version="first")["objects"] == [first]
    versions = collection.object_versions(first["id"])
    assert versions == {"versions": [first["modified"]]}, versions
    missing(lambda: collection.get_object("indicator--00000000-0000-4000-8000-000000000000"))
    return {"objects": len(whole), "versions": versions}


def writing(root, writable, readable):
    """What stix2 makes is taken, version by version, told of in a status, and deleted."""
    indicator = made("Written by a client")
    envelope = {"objects": [json.loads(indicator.serialize()), {"type": "indicator", "id": "broken"}]}
    status = writable.add_objects(envelope, wait_for_completion=False)
    assert status.status == "complete", status.status
    assert (status.success_count, status.failure_count, status.pending_count) == (1, 1, 0)
    status.refresh()
    assert status.successes[0]["id"] == indicator.id
    assert root.get_status(status.id).total_count == 2
    missing(lambda: root.get_status("00000000-0000-4000-8000-000000000000"))
    newer = indicator.new_version(name="Written again")
    assert writable.add_objects({"objects": [json.loads(newer.serialize())]}).success_count == 1
    versions = writable.object_versions(indicator.id)["versions"]
    assert len(versions) == 2, versions
    assert len(writable.get_object(indicator.id, version="all")["objects"]) == 2
    writable.delete_object(indicator.id, version=versions[1])
    assert writable.object_versions(indicator.id)["versions"] == versions[:1]
    writable.delete_object(indicator.id)
    missing(lambda: writable.get_object(indicator.id))
    try:
        readable.add_objects({"objects": []})
        raise AssertionError("it could be written")
    except TAXIIServiceException as error:
        return {"failure": status.failures[0]["message"], "refused": str(error)}


def stores(collection):
    """The same through stix2's own way of storing objects."""
    sink, source = TAXIICollectionSink(collection), TAXIICollectionSource(collection, items_per_page=2)
    indicators = [made(f"Stored {number}") for number in range(5)]
    sink.add(indicators[0])
    sink.add(indicators[1:3])
    sink.add(stix2.Bundle(*indicators[3:]))
    for indicator in indicators:
        assert source.get(indicator.id) == indicator, "it came back as something else"
    store = TAXIICollectionStore(collection)
    names = {it.name for it in store.query([stix2.Filter("type", "=", "indicator")])}
    assert names == {it.name for it in indicators}, names
    newer = indicators[0].new_version(name="Stored again")
    store.add(newer)
    assert store.get(newer.id).name == "Stored again"
    assert len(store.all_versions(newer.id)) == 2
    assert store.query([stix2.Filter("id", "=", newer.id), stix2.Filter("type", "=", "malware")]) == []


def made(name):
    return stix2.Indicator(
        name=name,
        pattern="[domain-name:value = 'shop.example']",
        pattern_type="stix",
        object_marking_refs=[stix2.TLP_GREEN],
    )


def missing(ask):
    """Makes sure that what is asked for is not there."""
    try:
        ask()
    except requests.HTTPError as error:
        assert error.response.status_code == 404, error
        return
    raise AssertionError("it is there")


if __name__ == "__main__":
    main()
