"""Puts another kind of card into the virtual reader.

    foreign_card.py PORT vicc-TYPE   Debian's vicc, of type iso7816, ePass or nPA
    foreign_card.py PORT phone       a phone that emulates a card: says nothing of itself
    foreign_card.py PORT passport    an electronic passport, as far as its name (ICAO 9303-10)

Debian 12's vicc (3.3) stumbles over Python 3: PyCrypto has another name today, ePass asks with raw_input, data objects are
joined and named as text, and nPA wants the bindings of OpenPACE, which Debian does not have and selecting a file does not
need. What it stumbles over is put in its way here; the cards are its own.
"""

import builtins
import importlib
import importlib.abc
import importlib.util
import runpy
import socket
import struct
import sys
import types

# Answers to reset and the application each selects.
CARDS = {
    "passport": ("3B8A80014A434F50343156323231FC", "A0000002471001"),
    "phone": ("3B80800101", None),
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


def encoded(objects, recalculate_length=False):
    """BER data objects of (tag, length, value) tuples: what vicc's own function does under Python 2."""
    out = b""
    for tag, length, value in (item[:3] for item in objects):
        if isinstance(value, str):
            value = value.encode()
        if not isinstance(value, bytes):
            value = encoded(value, recalculate_length)
        if recalculate_length or length is None:
            length = len(value)
        size = bytes([length]) if length < 0x7F else None
        if size is None:
            digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
            size = bytes([0x80 | len(digits)]) + digits
        out += tag.to_bytes((tag.bit_length() + 7) // 8, "big") + size + value
    return out


class Nothing:
    """Whatever is asked of a library that is not there."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_, **__):
        return self

    def __getattr__(self, _):
        return self


class Missing(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


def vicc(port, kind):
    sys.path.insert(0, "/usr/lib/python3/site-packages/virtualsmartcard")
    sys.meta_path.insert(0, OldName())
    for name in ("eac", "chat"):
        sys.modules[name] = Missing(name)
    builtins.raw_input = lambda _="": "P<UTOSPECIMEN<<SYNTHETIC<<<<<<<<<<<<<<<<<<<<<" + "L898902C36UTO7408122F1204159" + "<" * 16
    from virtualsmartcard import SmartcardFilesystem, TLVutils
    TLVutils.pack = encoded
    folder = SmartcardFilesystem.DF.__init__

    def named(self, *arguments, **names):
        if isinstance(names.get("dfname"), str):
            names["dfname"] = names["dfname"].encode("latin-1")
        folder(self, *arguments, **names)

    SmartcardFilesystem.DF.__init__ = named
    sys.argv = ["vicc", "--type", kind, "--hostname", "127.0.0.1", "--port", port]
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
    if sys.argv[2].startswith("vicc-"):
        vicc(sys.argv[1], sys.argv[2][len("vicc-"):])
    else:
        play(sys.argv[1], sys.argv[2])
