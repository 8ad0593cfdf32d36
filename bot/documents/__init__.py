"""An itinerary as a file."""
