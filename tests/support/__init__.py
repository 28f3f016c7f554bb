"""What several tests share: a clerk, servers, a reading room, ways to kill and to compare."""
