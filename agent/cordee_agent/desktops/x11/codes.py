"""Key positions: the ``code`` names of UI Events as X keycodes.

X servers with the evdev rules number a key as Linux does, plus 8; so do Xvnc and
XWayland. From W3C "UI Events KeyboardEvent code Values" and linux/input-event-codes.h.
"""

from __future__ import annotations

from typing import Final

_OFFSET: Final = 8

_ROWS: Final = {
    1: "Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 "
    "Minus Equal Backspace Tab KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP "
    "BracketLeft BracketRight Enter ControlLeft KeyA KeyS KeyD KeyF KeyG KeyH KeyJ "
    "KeyK KeyL Semicolon Quote Backquote ShiftLeft Backslash KeyZ KeyX KeyC KeyV "
    "KeyB KeyN KeyM Comma Period Slash ShiftRight NumpadMultiply AltLeft Space "
    "CapsLock F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock Numpad7 Numpad8 "
    "Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd Numpad1 Numpad2 "
    "Numpad3 Numpad0 NumpadDecimal",
    86: "IntlBackslash F11 F12 IntlRo",
    92: "Convert KanaMode NonConvert",
    96: "NumpadEnter ControlRight NumpadDivide PrintScreen AltRight",
    102: "Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert "
    "Delete",
    113: "AudioVolumeMute AudioVolumeDown AudioVolumeUp Power NumpadEqual",
    119: "Pause",
    121: "NumpadComma Lang1 Lang2 IntlYen MetaLeft MetaRight ContextMenu",
    183: "F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24",
}

#: ``code`` to keycode. ``Power`` and its like are left out on purpose: nobody
#: switches a customer's computer off from afar.
KEYCODES: Final[dict[str, int]] = {
    code: first + index + _OFFSET
    for first, row in _ROWS.items()
    for index, code in enumerate(row.split())
    if code != "Power"
}
