"""Defines the web pages, one module a page: its routes, its view model and how that is built.

Only the dossier's page takes two modules, ``dossier`` for the routes and ``dossier_view``.
"""
