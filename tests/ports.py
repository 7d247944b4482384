"""Ports for processes that begin to listen later."""

from __future__ import annotations

import itertools
import os
import socket

#: below what Linux gives to outgoing connections (32768 and up): none of those takes the port away meanwhile
_FIRST, _MANY = 20_000, 12_000
_taken = itertools.count()


def port_for_later(host: str = "127.0.0.1") -> int:
    """A port that nobody uses, and that is not handed out again by this process."""
    while True:
        port = _FIRST + (os.getpid() * 613 + next(_taken)) % _MANY
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) != 0:
                return port
