"""Purpose: the edge kit: access gate, form fields, problems, paging, panels, SVG charts.

Owns: nothing.
Never: is imported by models, policies, queries or services; never knows a room above.
"""
