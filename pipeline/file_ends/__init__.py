"""Checks for each format whether a file reaches to its own end, whatever follows behind that.

Nothing is decoded, everything is bounded: a file may claim anything.
"""
