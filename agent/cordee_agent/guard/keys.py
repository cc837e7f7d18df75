"""What the agent does for a key the technician pressed (agent_platform 2.4). Pure.

Rules:

1. A printable key without Ctrl, Alt or Meta types its *character*: the technician's
   layout wins, and AltGr and Shift are only how that character was made.
2. With Ctrl, Alt or Meta it presses the key that gives that *letter* in the
   customer's layout (Ctrl+A is A on AZERTY too), by position where none does.
3. Any other key (Enter, arrows, F5) is pressed by position.
4. Dead keys, keys an input method eats, locks and AltGr do nothing by themselves.
5. Modifiers are state: before each key, those held are brought in line with ``mods``.
6. A held key is not pressed again by a repeat: the display system repeats it itself.
7. What went down comes up by the same name, whatever has changed meanwhile.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from cordee_shared.wire.input import Key, Mod


class Type(NamedTuple):
    """Type one grapheme, character by character."""

    text: str


class Press(NamedTuple):
    """Hold a key down."""

    code: str
    letter: str


class Lift(NamedTuple):
    """Let a key go."""

    code: str
    letter: str


Step: TypeAlias = Type | Press | Lift

#: Named keys; everything else is what the key prints.
_NAMED: Final = re.compile(r"[A-Z][A-Za-z0-9]+\Z")
_IGNORED: Final = frozenset(
    {
        *("Dead", "Process", "Unidentified", "Compose"),
        *("AltGraph", "CapsLock", "NumLock", "ScrollLock"),
        *("Fn", "FnLock", "Hyper", "Super", "Symbol", "SymbolLock"),
    }
)
#: Modifier keys by name: their bit, and the codes their two sides may have.
_MODIFIERS: Final = {
    "Shift": (Mod.SHIFT, ("ShiftLeft", "ShiftRight")),
    "Control": (Mod.CTRL, ("ControlLeft", "ControlRight")),
    # On many of the customers' layouts the right one is AltGr.
    "Alt": (Mod.ALT, ("AltLeft",)),
    "Meta": (Mod.META, ("MetaLeft", "MetaRight")),
}
_SHORTCUT: Final = Mod.CTRL | Mod.ALT | Mod.META
_NONE: Final = Mod(0)


class Keys:
    """Which keys the technician holds. Guarded by the gate's lock."""

    def __init__(self) -> None:
        #: By the browser's name for it, what was pressed for it.
        self._held: dict[str, Press] = {}
        #: By code, the bit of each modifier that is down.
        self._modifiers: dict[str, Mod] = {}

    def reset(self) -> None:
        """Forget: everything has been released."""
        self._held.clear()
        self._modifiers.clear()

    def plan(self, event: Key) -> list[Step]:
        """Return what to do, in order, and remember it as done.

        At most one :class:`Type`, and then it comes last.
        """
        if event.key in _IGNORED:
            return []
        if event.key in _MODIFIERS:
            return self._plan_modifier(event)
        name = event.code or event.key
        if not event.down:
            held = self._held.pop(name, None)
            steps: list[Step] = [] if held is None else [Lift(*held)]
            return steps + self._lift_modifiers(event.mods)
        if name in self._held:
            # Its own repeat, or a release that was lost: it is down either way.
            return []
        if _NAMED.match(event.key):
            return self._in_line(event.mods) + self._press(name, _position(event), "")
        if event.mods & _SHORTCUT:
            return self._in_line(event.mods) + self._press(name, event.code, event.key)
        # Shift may stay as it is: typing lifts or presses it for each character.
        return [*self._lift_modifiers(event.mods), Type(event.key)]

    def _plan_modifier(self, event: Key) -> list[Step]:
        bit, codes = _MODIFIERS[event.key]
        code = event.code if event.code in codes else codes[0]
        if not event.down:
            steps: list[Step] = []
            if self._modifiers.pop(code, None) is not None:
                steps.append(Lift(code, ""))
            return steps + self._lift_modifiers(event.mods)
        if code in self._modifiers:
            return []
        steps = self._in_line(event.mods, besides=bit)
        self._modifiers[code] = bit
        return [*steps, Press(code, "")]

    def _press(self, name: str, code: str, letter: str) -> list[Step]:
        self._held[name] = Press(code, letter)
        return [self._held[name]]

    def _in_line(self, mods: int, besides: Mod = _NONE) -> list[Step]:
        """Lift the modifiers that are not in ``mods``, press those that lack."""
        steps = self._lift_modifiers(mods | besides)
        down = _NONE
        for bit in self._modifiers.values():
            down |= bit
        for bit, codes in _MODIFIERS.values():
            if mods & bit and not down & bit and not bit & besides:
                self._modifiers[codes[0]] = bit
                steps.append(Press(codes[0], ""))
        return steps

    def _lift_modifiers(self, mods: int) -> list[Step]:
        gone = [code for code, bit in self._modifiers.items() if not mods & bit]
        for code in gone:
            del self._modifiers[code]
        return [Lift(code, "") for code in gone]


def _position(event: Key) -> str:
    """Return the position of a key that prints nothing.

    The number pad's Home and its like depend on the customer's Num Lock, so the
    proper key is pressed. Virtual keyboards name the key but no position.
    """
    numpad = event.code.startswith("Numpad") and event.key != "Enter"
    return event.key if numpad or not event.code else event.code
