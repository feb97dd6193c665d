"""A report's row in words and as a page; knows neither the script nor torch."""
