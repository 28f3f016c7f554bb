"""Routes of the web pages, one module a page: its route, its view model and how that is built."""
