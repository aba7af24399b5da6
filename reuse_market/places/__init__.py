"""Purpose: where things are: the communes of the territory, their postcodes, outlines, distances, the map.

Owns: territory, commune, postcode; the extracted open data in data/territory.json.
Never: knows an organisation, a site or a stock; asks a server; keeps a person's address.
"""
