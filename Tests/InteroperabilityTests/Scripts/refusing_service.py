"""A PC/SC service that lets nobody in, as pcscd does where polkit says no.

Speaks as much of pcsc-lite 1.9's protocol (winscard_msg.h) as comes before the refusal: the version, and a context that
is answered with SCARD_W_SECURITY_VIOLATION.
"""

import os
import socket
import struct
import sys

ESTABLISH_CONTEXT, VERSION = 0x01, 0x11
SECURITY_VIOLATION = 0x8010006A


def take(client, count):
    data = b""
    while len(data) < count:
        block = client.recv(count - len(data))
        if not block:
            return None
        data += block
    return data


def serve(client):
    while True:
        header = take(client, 8)
        if header is None:
            return
        size, command = struct.unpack("=II", header)
        body = take(client, size)
        if command == VERSION:
            major, minor, _ = struct.unpack("=iiI", body)
            client.sendall(struct.pack("=iiI", major, minor, 0))
        elif command == ESTABLISH_CONTEXT:
            scope, context, _ = struct.unpack("=III", body)
            client.sendall(struct.pack("=III", scope, context, SECURITY_VIOLATION))
        else:
            client.sendall(body)


def main():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(8)
    print("listening", flush=True)
    while True:
        client, _ = listener.accept()
        if os.fork() == 0:
            serve(client)
            os._exit(0)
        client.close()


if __name__ == "__main__":
    main()
