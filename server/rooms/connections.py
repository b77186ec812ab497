"""The open connections of all meetings' participants: each a task of the server's that ends whole."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field

import anyio
from anyio.abc import TaskGroup

from server.rooms.participant_session import ParticipantSession
from server.session import ClientGone
from streaming.errors import BadInput, DragomanError

_log = logging.getLogger(__name__)


class NoSuchConnection(BadInput):
    """It has ended, or never was."""

    code = "not_found"
    status = 404


@dataclass(frozen=True, slots=True)
class Connection:
    """One that is open. Its id is nobody else's to know: with it the connection can be ended."""

    room: str
    session: ParticipantSession
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    ended: anyio.Event = field(default_factory=anyio.Event)


class Connections:
    """Opens and ends them."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def open(self, connection: Connection, tasks: TaskGroup) -> None:
        """Runs it, answered as it is, until it ends or the server does."""
        self._open[connection.id] = connection
        tasks.start_soon(self._run, connection, name=f"participant {connection.session.seat.participant}")

    def get(self, room: str, connection_id: str) -> Connection:
        """Raises NoSuchConnection."""
        connection = self._open.get(connection_id)
        if connection is None or connection.room != room:
            raise NoSuchConnection("this connection has ended, or never was")
        return connection

    def leave(self, connection: Connection) -> None:
        """Ends it because its participant means to go."""
        connection.session.leave()
        connection.scope.cancel()

    async def replace(self, room: str, participant: str) -> None:
        """Ends what connection the participant has, wholly: another is to take its seat."""
        for connection in list(self._open.values()):
            if connection.room == room and connection.session.seat.participant == participant:
                connection.scope.cancel()
                await connection.ended.wait()

    async def _run(self, connection: Connection) -> None:
        """The whole life of a connection; nothing that happens in it reaches the server."""
        participant = connection.session.seat.participant
        try:
            with connection.scope:
                await connection.session.run()
        except ClientGone as gone:
            _log.info("participant %s of room %s: %s", participant, connection.room, gone.reason)
        except DragomanError as error:
            _log.warning("participant %s of room %s: %s", participant, connection.room, error.reason)
        except Exception:
            _log.exception("the connection of participant %s of room %s failed", participant, connection.room)
        finally:
            del self._open[connection.id]
            connection.ended.set()
