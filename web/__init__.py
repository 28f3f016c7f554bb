"""The web application, called the reading room: staff search and open dossiers in a browser."""
