"""Prepares the TAXII servers that Comity is compared with and pulls from. Each then runs as its makers ship it.

usage: taxii.py opentaxii FOLDER OBJECTS
       taxii.py medallion FOLDER OBJECTS

OBJECTS has a STIX object on each line. Everything is written into FOLDER: databases, data and configuration. On standard
output stands one line of JSON: the path of the API root, the ids of the collection that holds the objects and of the empty
one that may be written into, and the version of the server.
"""

import datetime
import importlib.metadata
import json
import pathlib
import sys

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
FULL = "00000000-0000-4000-8000-000000000001"
EMPTY = "00000000-0000-4000-8000-000000000002"
STIX = "application/stix+json;version=2.1"
TAXII = "application/taxii+json;version=2.1"


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def version_of(stix):
    """The version of an object as TAXII 2.1 section 3.4.1 has it; those without a time get the first second."""
    return stix.get("modified") or stix.get("created") or "2026-01-01T00:00:00.000Z"


def as_time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def added(number):
    """When the object of that number was added: all at different times, in their order."""
    return START + datetime.timedelta(milliseconds=number)


def opentaxii(folder, objects):
    import sqlalchemy
    import yaml
    from opentaxii.persistence.sqldb import taxii2models as models

    def place(name):
        return f"sqlite:///{folder / name}"

    engine = sqlalchemy.create_engine(place("taxii.db"))
    models.Base.metadata.create_all(engine)
    root = models.ApiRoot(default=True, title="bench", is_public=True)
    with sqlalchemy.orm.Session(engine) as session:
        session.add(root)
        session.flush()
        root_id = root.id
        collections = [
            models.Collection(api_root_id=root_id, title=alias, alias=alias, is_public=True, is_public_write=True)
            for alias in ("full", "empty")
        ]
        session.add_all(collections)
        session.flush()
        full, empty = (collection.id for collection in collections)
        for number, stix in enumerate(objects):
            rest = {key: value for key, value in stix.items() if key not in ("id", "type", "spec_version")}
            session.add(
                models.STIXObject(
                    id=stix["id"],
                    collection_id=full,
                    type=stix["type"],
                    spec_version=stix.get("spec_version", "2.1"),
                    date_added=added(number),
                    version=as_time(version_of(stix)),
                    serialized_data=rest,
                )
            )
        session.commit()
    configuration = {
        "auth_api": {
            "class": "opentaxii.auth.sqldb.SQLDatabaseAPI",
            "parameters": {"db_connection": place("auth.db"), "create_tables": True, "secret": "of the bench"},
        },
        "taxii1": None,
        "taxii2": {
            "persistence_api": {
                "class": "opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI",
                "parameters": {"db_connection": place("taxii.db"), "create_tables": True},
            },
            "title": "bench",
            "public_discovery": True,
            "max_content_length": 209715200,
        },
        "logging": {"opentaxii": "error", "root": "error"},
    }
    (folder / "opentaxii.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return {"root": f"/taxii2/{root_id}/", "full": str(full), "empty": str(empty)}


def medallion(folder, objects):
    manifest = [
        {
            "id": stix["id"],
            "date_added": added(number).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "version": version_of(stix),
            "media_type": STIX,
        }
        for number, stix in enumerate(objects)
    ]

    def collection(name, objects, manifest):
        return {
            "id": name,
            "title": name,
            "can_read": True,
            "can_write": True,
            "media_types": [STIX],
            "objects": objects,
            "manifest": manifest,
        }

    information = {"title": "bench", "versions": [TAXII], "max_content_length": 209715200}
    data = {
        "/discovery": {"title": "bench", "api_roots": ["http://localhost/api/"]},
        "api": {
            "information": information,
            "status": [],
            "collections": [collection(FULL, objects, manifest), collection(EMPTY, [], [])],
        },
    }
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    configuration = {
        "backend": {
            "module": "medallion.backends.memory_backend",
            "module_class": "MemoryBackend",
            "filename": str(folder / "data.json"),
        },
        "users": {"bench": "bench"},
        "taxii": {"max_page_size": 1000},
    }
    (folder / "medallion.json").write_text(json.dumps(configuration), encoding="utf-8")
    return {"root": "/api/", "full": FULL, "empty": EMPTY}


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("opentaxii", "medallion"):
        sys.exit(__doc__)
    name, folder, objects = sys.argv[1], pathlib.Path(sys.argv[2]).absolute(), read(sys.argv[3])
    made = {"opentaxii": opentaxii, "medallion": medallion}[name](folder, objects)
    print(json.dumps({**made, "version": importlib.metadata.version(name)}))


if __name__ == "__main__":
    main()
