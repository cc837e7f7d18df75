"""Pictures of an X11 screen through shared memory: MIT-SHM on python-xlib.

python-xlib knows no MIT-SHM, and mss, which does, refuses Xvnc's screens
(agent_platform.md 3: it looks for the visual in the first of two lists). The
three requests needed are few; asking on the one connection that also hears of
damage keeps "reset the damage, then look" in order. And where Xlib would end the
whole process when the X server goes, python-xlib raises.

Source: the MIT-SHM protocol, version 1.1 (X.Org, shm.h and shmproto.h).
"""

from __future__ import annotations

import ctypes
import os
import weakref
from typing import Final

from Xlib import X
from Xlib.display import Display
from Xlib.error import CatchError
from Xlib.protocol import rq
from Xlib.xobject.drawable import Window

from cordee_agent.desktops.base import NoDesktop

EXTENSION: Final = "MIT-SHM"

_IPC_PRIVATE: Final = 0
_IPC_CREAT: Final = 0o1000
_IPC_RMID: Final = 0
#: Only this account (and root) may look into the segment: it is the screen.
_MODE: Final = 0o600
_ALL_PLANES: Final = 0xFFFFFFFF


class _Attach(rq.Request):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(1),
        rq.RequestLength(),
        rq.Card32("shmseg"),
        rq.Card32("shmid"),
        rq.Bool("read_only"),
        rq.Pad(3),
    )


class _Detach(rq.Request):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(2), rq.RequestLength(), rq.Card32("shmseg")
    )


class _GetImage(rq.ReplyRequest):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(4),
        rq.RequestLength(),
        rq.Drawable("drawable"),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("plane_mask"),
        rq.Card8("format"),
        rq.Pad(3),
        rq.Card32("shmseg"),
        rq.Card32("offset"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("depth"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card32("visual"),
        rq.Card32("size"),
        rq.Pad(16),
    )


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)
    libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    libc.shmat.restype = ctypes.c_void_p
    libc.shmdt.argtypes = (ctypes.c_void_p,)
    libc.shmctl.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
    return libc


def _because() -> NoDesktop:
    return NoDesktop(f"no shared memory: {os.strerror(ctypes.get_errno())}")


class SharedPicture:
    """A picture of the root window's size that the X server draws into.

    The memory is given back when the last view of it is gone, not before: a
    view that outlives :meth:`close` shows an old picture, never a crash.
    """

    def __init__(self, display: Display, width: int, height: int) -> None:
        """Share memory with the X server.

        Raises:
            NoDesktop: no MIT-SHM, no memory, or a server on another machine.
        """
        self._display = display
        extension = display.query_extension(EXTENSION)
        if not extension:
            raise NoDesktop("the X server has no MIT-SHM")
        self._opcode: int = extension.major_opcode
        self.width, self.height = width, height
        self._segment: int = display.display.allocate_resource_id()
        libc = _libc()
        size = width * height * 4
        shmid: int = libc.shmget(_IPC_PRIVATE, size, _IPC_CREAT | _MODE)
        if shmid < 0:
            raise _because()
        try:
            address = libc.shmat(shmid, None, 0)
            if address in (None, ctypes.c_void_p(-1).value):
                raise _because()
            memory = (ctypes.c_ubyte * size).from_address(address)
            weakref.finalize(memory, libc.shmdt, address)
            self.pixels = memoryview(memory).cast("B")
            refused = CatchError()
            _Attach(
                display=display.display,
                opcode=self._opcode,
                shmseg=self._segment,
                shmid=shmid,
                read_only=False,
                onerror=refused,
            )
            display.sync()
            if refused.get_error() is not None:
                raise NoDesktop("the X server cannot reach this program's memory")
        finally:
            # Both ends hold it by now: it goes with the last of them, come what may.
            libc.shmctl(shmid, _IPC_RMID, None)

    def take(self, root: Window) -> None:
        """Let the server draw the root window into :attr:`pixels`.

        Raises:
            Xlib.error.BadMatch: the root window became smaller meanwhile.
        """
        _GetImage(
            display=self._display.display,
            opcode=self._opcode,
            drawable=root.id,
            x=0,
            y=0,
            width=self.width,
            height=self.height,
            plane_mask=_ALL_PLANES,
            format=X.ZPixmap,
            shmseg=self._segment,
            offset=0,
        )

    def close(self) -> None:
        """Take the memory back from the server."""
        _Detach(
            display=self._display.display,
            opcode=self._opcode,
            shmseg=self._segment,
            onerror=CatchError(),
        )
        self._display.flush()
