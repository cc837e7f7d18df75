"""The X11 desktop: XInput 2 to tell hands apart, XTEST to act, RandR to measure."""
