"""Reads a card's records through pyscard and prints what is in them as JSON, decoded here and nowhere else.

The environment gives PIN and NUMBER. Pictures are given as SHA-256.
"""

import hashlib
import json
import os

from smartcard import scard

APPLICATIONS = {
    "text": "D3921000310001010408",
    "face": "D3921000310001010402",
    "common": "D3921000310001010100",
}


def main():
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _, readers = scard.SCardListReaders(context, [])
    _, card, _ = scard.SCardConnect(context, readers[0], scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)

    def send(text, data=b""):
        command = bytes.fromhex(text) + data
        code, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(command))
        assert code == scard.SCARD_S_SUCCESS, hex(code & 0xFFFFFFFF)
        return bytes(answer[:-2]), bytes(answer[-2:])

    def select(place):
        assert send("00A4040C0A" + APPLICATIONS[place])[1] == b"\x90\x00"

    def verify(file, secret):
        assert send("00A4020C02" + file)[1] == b"\x90\x00"
        assert send("00200080%02X" % len(secret), secret.encode())[1] == b"\x90\x00"

    def read(file):
        assert send("00A4020C02" + file)[1] == b"\x90\x00"
        content = b""
        while True:
            data, status = send("00B0%04X00" % len(content))
            content += data
            if status != b"\x90\x00" or len(data) < 256:
                return content

    def objects(content):
        """Two-byte tags, lengths of one byte or behind 82."""
        found, position = {}, 0
        while position + 3 <= len(content) and content[position] in (0xDF, 0xFF):
            tag = content[position:position + 2].hex().upper()
            length, start = content[position + 2], position + 3
            if length == 0x82:
                length, start = int.from_bytes(content[start:start + 2], "big"), start + 2
            if length == 0xFF:
                break
            found[tag] = content[start:start + length]
            position = start + length
        return found

    facts = {}
    select("text")
    verify("0011", os.environ["PIN"])
    four = objects(objects(read("0002"))["FF20"])
    facts["name"], facts["address"] = four["DF22"].decode(), four["DF23"].decode()
    facts["birth"], facts["gender"] = four["DF24"].decode(), four["DF25"].decode()
    facts["number"] = objects(read("0001"))["FF10"].decode()

    select("face")
    verify("0013", facts["number"])
    face = objects(objects(read("0002"))["FF20"])
    facts["faceBirth"], facts["faceExpiry"] = face["DF22"].decode(), face["DF29"].decode()
    names = {"name": "DF25", "address": "DF26", "photo": "DF27", "security-code": "DF2A"}
    facts["pictures"] = {name: hashlib.sha256(face[tag]).hexdigest() for name, tag in names.items()}
    number = objects(objects(read("0005"))["FF40"])
    facts["pictures"]["number"] = hashlib.sha256(number["DF41"]).hexdigest()

    select("common")
    assert send("00A4020C020001")[1] == b"\x90\x00"
    record = send("00B2010400")[0][2:].decode()
    facts["serial"], facts["municipality"], facts["expiry"] = record[:15], record[15:20], record[20:]
    scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
