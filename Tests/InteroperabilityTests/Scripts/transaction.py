"""Two clients at one card: the first in a transaction, the second trying to select another application all the time.

Prints what the first is told during the transaction, how often the second came through meanwhile, and what the first is
told after both the end of the transaction and a success of the second.
"""

import threading

import dialogue
from smartcard import scard

SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
SELECT_COMMON = bytes.fromhex("00A4040C0AD3921000310001010100")
SELECT_PIN = bytes.fromhex("00A4020C020018")
ASK_TRIES = bytes.fromhex("00200080")


def main():
    first, second = dialogue.Client(), dialogue.Client()
    first.connect()
    second.connect()
    trying, through = threading.Event(), threading.Event()

    def interfere():
        trying.set()
        second.send(SELECT_COMMON)
        through.set()

    dialogue.check(scard.SCardBeginTransaction(first.card))
    first.send(SELECT_JPKI)
    first.send(SELECT_PIN)
    thread = threading.Thread(target=interfere)
    thread.start()
    trying.wait()
    told = {first.send(ASK_TRIES).hex().upper() for _ in range(100)}
    print("during", *sorted(told))
    print("meanwhile", through.is_set())
    dialogue.check(scard.SCardEndTransaction(first.card, scard.SCARD_LEAVE_CARD))
    thread.join(30)
    print("through", through.is_set())
    print("after", first.send(ASK_TRIES).hex().upper())


if __name__ == "__main__":
    main()
