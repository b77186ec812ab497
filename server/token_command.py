"""`dragoman token`: a token or link that leads into a meeting, or opens one."""

from __future__ import annotations

import argparse
import functools
import json
import time
from urllib.parse import urlsplit

from server.auth import ApiKeys
from server.glossary_store import store_path
from server.rooms.access import ROLES, Access
from server.rooms.invitation import INVITATION_HOURS, checked_hours, meeting_link
from server.rooms.secret import load_secret, secret_path
from server.rooms.store import RoomStore
from streaming.errors import BadInput

_EXAMPLES = """examples:
  dragoman token --role host --link                                            (whoever has the link may open rooms)
  dragoman token --role speaker --room bcdf-ghjk-mnpq --link --url https://translate.example.org
  dragoman token --role listener --room bcdf-ghjk-mnpq --hours 2 --json

Run it as the user who runs the server: both share the rooms and the secret that signs the tokens, which are in the
folder dragoman under $XDG_DATA_HOME or ~/.local/share. DRAGOMAN_SECRET, where the server has it, is needed here too.
A token can't be taken back before its time, except by removing the room or changing the secret.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman token",
        description="Make a token or link for a meeting.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--role", required=True, choices=ROLES, help="what its bearer may do")
    command.add_argument("--room", metavar="ROOM", help="where to; without it a host may open rooms")
    command.add_argument(
        "--hours",
        type=float,
        default=INVITATION_HOURS,
        metavar="H",
        help="how long it serves (default: %(default)g, a week)",
    )
    command.add_argument("--link", action="store_true", help="print a link to the page with the token in it")
    command.add_argument(
        "--url",
        default="http://localhost:8080",
        metavar="URL",
        help="where browsers find the server (default: %(default)s)",
    )
    command.add_argument("--json", action="store_true", help="print token, link and end as JSON")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises DragomanError for a room that is not there, or a token that can't be."""
    if urlsplit(args.url).scheme not in ("http", "https") or not urlsplit(args.url).netloc:
        raise BadInput(f"--url: {args.url!r} is no address such as https://translate.example.org")
    life_s = 3600.0 * checked_hours(args.hours, "--hours")
    room: str | None = None
    if args.room is not None:
        room = RoomStore(store_path().with_name("rooms.sqlite3"), longest="none").get(args.room).id
    # Keys and policy are the server's to check; a token is made without them.
    access = Access(ApiKeys(()), policy="invited", secret=functools.partial(load_secret, secret_path()))
    token = access.issue(args.role, room, life_s)
    link = meeting_link(args.url, token, room)
    if args.json:
        expires_at = round(1000 * (time.time() + life_s))
        body = {"role": args.role, "room": room, "token": token, "link": link, "expires_at": expires_at}
        print(json.dumps(body, indent=1))
    else:
        print(link if args.link else token)
    return 0
