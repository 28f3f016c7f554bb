"""The searches that people saved, which lie with their accounts."""
