"""Papers and pages that the store holds twice: how they are told, compared and found again."""
