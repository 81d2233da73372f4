"""Backups: whole tasks and projects as one zip in CVAT's layout, and back again.

Everything here works on files: what stands in the database comes and goes as plain records and Arrow tables, so that a
worker process can do all of it.
"""
