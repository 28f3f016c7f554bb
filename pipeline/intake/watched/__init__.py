"""What lies in a watched folder: names that are never taken, order, who still writes."""
