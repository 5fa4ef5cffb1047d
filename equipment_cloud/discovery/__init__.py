"""Discovery (找设备): search, facets, the public pages of instruments and test services.

Reads only. Whether a record is public is the catalog's matter; what is free is the occupancy's; this room puts both in
front of whoever looks, signed in or not.
"""
