"""A seeded maker of extracts about people who do not exist, with the truth written beside them."""
