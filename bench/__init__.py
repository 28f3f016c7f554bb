"""Measurements that anyone can run again; each prints what it measured."""
