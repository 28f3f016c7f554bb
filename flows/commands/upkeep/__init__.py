"""Commands for operators: doctor, reconcile, reindex, verify."""
