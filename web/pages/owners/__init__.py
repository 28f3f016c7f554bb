"""Pages of the store of a person or organisation: papers, validity, reuse, suggestions."""
