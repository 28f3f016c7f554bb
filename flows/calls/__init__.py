"""How flows call Prefect's API: with as few requests for each dossier as its pages need."""
