"""A server that does not come up is told with its log."""

import pytest

from bench.systems.live_server import ServerDown, live_server


def test_a_server_that_ends_at_once_is_told_with_the_end_of_its_log():
    with pytest.raises(ServerDown, match="max_speakers"), live_server(max_speakers=-1):
        pass
