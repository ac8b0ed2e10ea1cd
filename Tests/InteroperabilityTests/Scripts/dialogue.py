"""Plays a dialogue with a card through pyscard.

Each line of standard input is one step, and each step prints one line: the answer in hexadecimal, the protocol of a
connection, or "error" and the PC/SC code.

    connect [shared|exclusive]   connect to the first reader with a card
    reset, unpower               reconnect after a warm or a cold reset
    disconnect                   leave the card as it is
    read                         READ BINARY in steps of 256 bytes until the file ends
    <hexadecimal>                a command for the card

A step that begins with "second" is done by a second client.
"""

import sys

from smartcard import scard


class Refused(Exception):
    """A PC/SC call that did not succeed."""


def check(code):
    if code != scard.SCARD_S_SUCCESS:
        raise Refused("error %08X" % (code & 0xFFFFFFFF))


class Client:
    def __init__(self):
        code, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        check(code)
        self.card = None
        self.protocol = None

    def reader(self):
        code, readers = scard.SCardListReaders(self.context, [])
        check(code)
        code, states = scard.SCardGetStatusChange(
            self.context, 0, [(name, scard.SCARD_STATE_UNAWARE) for name in readers])
        check(code)
        return next(name for name, state, _ in states if state & scard.SCARD_STATE_PRESENT)

    def connected(self):
        return "T=1" if self.protocol == scard.SCARD_PROTOCOL_T1 else "T=?"

    def connect(self, mode="shared"):
        share = scard.SCARD_SHARE_EXCLUSIVE if mode == "exclusive" else scard.SCARD_SHARE_SHARED
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(self.context, self.reader(), share, protocols)
        check(code)
        self.card, self.protocol = card, protocol
        return self.connected()

    def reconnect(self, initialization):
        code, self.protocol = scard.SCardReconnect(
            self.card, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1, initialization)
        check(code)
        return self.connected()

    def disconnect(self):
        check(scard.SCardDisconnect(self.card, scard.SCARD_LEAVE_CARD))
        return "done"

    def send(self, command):
        code, answer = scard.SCardTransmit(self.card, scard.SCARD_PCI_T1, list(command))
        check(code)
        return bytes(answer)

    def read(self):
        content = b""
        while len(content) < 0x8000:
            answer = self.send([0x00, 0xB0, len(content) >> 8, len(content) & 0xFF, 0x00])
            content += answer[:-2]
            if answer[-2:] != b"\x90\x00" or len(answer) < 258:
                break
        return content.hex().upper()

    def do(self, step):
        words = step.split()
        if words[0] == "connect":
            return self.connect(*words[1:])
        if words[0] == "reset":
            return self.reconnect(scard.SCARD_RESET_CARD)
        if words[0] == "unpower":
            return self.reconnect(scard.SCARD_UNPOWER_CARD)
        if words[0] == "disconnect":
            return self.disconnect()
        if words[0] == "read":
            return self.read()
        return self.send(bytes.fromhex(step)).hex().upper()


def main():
    first, second = Client(), Client()
    for line in sys.stdin:
        step = line.strip()
        client = first
        if step.startswith("second "):
            client, step = second, step[len("second "):]
        try:
            print(client.do(step))
        except Refused as refusal:
            print(refusal)


if __name__ == "__main__":
    main()
