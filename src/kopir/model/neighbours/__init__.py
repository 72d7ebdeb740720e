"""A model in the forms of its neighbours: workbooks, maps, columns, data packages, networks of power systems."""
