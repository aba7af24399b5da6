"""Whole journeys, walked in a browser as people walk them."""
