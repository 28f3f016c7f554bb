"""Commands for operators: check, compare, rebuild, verify."""
