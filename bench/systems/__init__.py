"""What can be put to the test: this product in process and as a live server."""
