"""Reads everything that an OGC API - Features service has, with OWSLib.

Usage: /usr/bin/python3 interop_owslib.py URL QUERY
QUERY is JSON: a list of {"collection": …, and the arguments of the client}.
Prints JSON: what the client says of the service, and for each query the
features of all its pages, by identifier.
"""
import json
import sys
from urllib.parse import parse_qs, urlsplit

from owslib.ogcapi.features import Features

service = Features(sys.argv[1])


def tout(collection, **demande):
    objets = {}
    while True:
        page = service.collection_items(collection, **demande)
        for o in page['features']:
            if o['id'] in objets:
                raise SystemExit(f"{collection}: {o['id']} twice")
            objets[o['id']] = o
        suite = [lien['href'] for lien in page['links'] if lien['rel'] == 'next']
        if not suite:
            return objets, page['numberMatched']
        demande['apres'] = parse_qs(urlsplit(suite[0]).query)['apres'][0]


reponses = []
for demande in json.loads(sys.argv[2]):
    collection = demande.pop('collection')
    objets, total = tout(collection, **demande)
    reponses.append({'objets': objets, 'total': total})

premiers = {c: service.collection_item(c, next(iter(tout(c, limit=1000)[0])))['type'] for c in service.feature_collections()}
print(json.dumps({
    'collections': service.feature_collections(),
    'titres': {c: service.collection(c)['title'] for c in service.feature_collections()},
    'classes': service.conformance()['conformsTo'],
    'openapi': service.api()['openapi'],
    'premiers': premiers,
    'reponses': reponses,
}))
