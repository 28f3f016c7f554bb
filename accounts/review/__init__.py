"""The review queue, which lies beside the accounts."""
