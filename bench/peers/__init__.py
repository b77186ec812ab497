"""Other streaming recognisers beside ours, each over its own socket."""
