"""Puts another kind of card into the virtual reader.

    foreign_card.py PORT vicc        Debian's vicc, type iso7816
    foreign_card.py PORT passport    an electronic passport (ICAO 9303-10)
    foreign_card.py PORT identity    a German identity card (BSI TR-03110)
    foreign_card.py PORT phone       a phone that emulates a card: says nothing of itself
    foreign_card.py PORT mute        a card that does not answer to its reset

Of the types of Debian 12's vicc (3.3) only iso7816 still starts under Python 3; it takes PyCrypto by its old name. Its
ePass and nPA end in a TypeError and a ValueError while they make their files, so this script answers in their place.
"""

import importlib
import importlib.abc
import importlib.util
import runpy
import socket
import struct
import sys

# Answers to reset and the application each selects.
CARDS = {
    "passport": ("3B8A80014A434F50343156323231FC"[:30], "A0000002471001"),
    "identity": ("3B8A80018031F873F741E08290007500"[:30], "E80704007F00070302"),
    "phone": ("3B80800101", None),
    "mute": ("", None),
}


class OldName(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds Crypto where Debian has it today."""

    def find_spec(self, name, path, target=None):
        if name == "Crypto" or name.startswith("Crypto."):
            return importlib.util.spec_from_loader(name, self)
        return None

    def create_module(self, spec):
        return importlib.import_module(spec.name.replace("Crypto", "Cryptodome", 1))

    def exec_module(self, module):
        pass


def vicc(port):
    sys.path.insert(0, "/usr/lib/python3/site-packages/virtualsmartcard")
    sys.meta_path.insert(0, OldName())
    sys.argv = ["vicc", "--type", "iso7816", "--hostname", "127.0.0.1", "--port", port]
    runpy.run_path("/usr/bin/vicc", run_name="__main__")


def answer(command, own):
    name = command[5:5 + command[4]] if len(command) > 5 else b""
    if own and command[:3] == b"\x00\xA4\x04" and bytes.fromhex(own).startswith(name) and name:
        return b"\x90\x00"
    return b"\x6A\x82" if command[1] == 0xA4 else b"\x6D\x00"


def play(port, kind):
    atr, own = CARDS[kind]
    reader = socket.create_connection(("127.0.0.1", int(port)))

    def take(count):
        data = b""
        while len(data) < count:
            block = reader.recv(count - len(data))
            if not block:
                sys.exit(0)
            data += block
        return data

    while True:
        message = take(struct.unpack(">H", take(2))[0])
        if len(message) == 1:
            if message[0] == 4:
                data = bytes.fromhex(atr)
                reader.sendall(struct.pack(">H", len(data)) + data)
            continue
        data = answer(message, own)
        reader.sendall(struct.pack(">H", len(data)) + data)


if __name__ == "__main__":
    if sys.argv[2] == "vicc":
        vicc(sys.argv[1])
    else:
        play(sys.argv[1], sys.argv[2])
