"""Tests of single modules, one folder a room; no server is needed."""
