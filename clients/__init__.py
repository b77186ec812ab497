"""What connects to a Dragoman server: the browser page, the socket client, the room box, a WebRTC peer for tests."""
