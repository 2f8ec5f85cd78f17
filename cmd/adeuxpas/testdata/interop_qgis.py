"""Reads every collection of an OGC API - Features service, with QGIS.

Usage: QT_QPA_PLATFORM=offscreen /usr/bin/python3 interop_qgis.py URL DEMANDES
DEMANDES is JSON: a list of {"collection": …, "page": size of the pages,
"bbox": [west, south, east, north] or absent, "filtre": expression or absent}.
Prints JSON: for each one the type of the geometries, the count that the layer
says, and the features by identifier: attributes, and geometry as WKT.
"""
import json
import os
import sys

from qgis.core import QgsApplication, QgsDataSourceUri, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QDate, QVariant

QgsApplication.setPrefixPath('/usr', True)
application = QgsApplication([], False)
application.initQgis()


def simple(v):
    if isinstance(v, QDate):
        return v.toString('yyyy-MM-dd')
    if isinstance(v, QVariant):
        return None if v.isNull() else v.value()
    return v


def lire(url, demande):
    uri = QgsDataSourceUri()
    uri.setParam('url', url)
    uri.setParam('typename', demande['collection'])
    uri.setParam('pageSize', str(demande['page']))
    couche = QgsVectorLayer(uri.uri(False), demande['collection'], 'OAPIF')
    if not couche.isValid():
        return {'valide': False}
    requete = QgsFeatureRequest()
    if 'bbox' in demande:
        requete.setFilterRect(QgsRectangle(*demande['bbox']))
    if 'filtre' in demande:
        requete.setFilterExpression(demande['filtre'])
    objets, invalides = {}, []
    for o in couche.getFeatures(requete):
        valeurs = dict(zip(couche.fields().names(), map(simple, o.attributes())))
        if valeurs['id'] in objets:
            invalides.append(valeurs['id'] + ' twice')
        objets[valeurs['id']] = {'valeurs': valeurs, 'geometrie': o.geometry().asWkt(7) if o.hasGeometry() else None}
        if o.hasGeometry() and not o.geometry().isGeosValid():
            invalides.append(valeurs['id'])
    return {
        'valide': True, 'genre': QgsWkbTypes.displayString(couche.wkbType()), 'compte': couche.featureCount(),
        'objets': objets, 'invalides': invalides,
    }


sortie = json.dumps([lire(sys.argv[1], d) for d in json.loads(sys.argv[2])])
print(sortie)
sys.stdout.flush()
os._exit(0)  # QGIS does not always end well once its layers are gone
