"""What the customer's file leaves out, so that it stays small.

Read by ``cordee-agent.spec`` in PyInstaller's own process: this module imports
nothing of the agent.
"""

import re
from typing import Final

#: Modules that something imports and that the agent never reaches.
EXCLUDED_MODULES: Final = [
    # The operator's commands, which come with the same package.
    *("cordee_server", "typer"),
    # Windows, sockets and streams of other kinds than ours.
    *("tkinter", "PySide6.QtNetwork", "PySide6.QtDBus"),
    *("websockets.legacy", "websockets.sync", "websockets.trio"),
    *("zstandard._cffi", "zstandard.backend_cffi", "cffi", "pycparser"),
    # What numpy and Pillow carry along.
    *(
        "numpy.f2py",
        "numpy.testing",
        "numpy.distutils",
        "numpy._core._multiarray_tests",
    ),
    *("numpy.ma", "numpy.polynomial", "numpy.random", "numpy.fft"),
    *("PIL._avif", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingmath"),
    *("PIL._imagingmorph", "PIL._imagingtk", "PIL.ImageQt", "PIL.ImageTk"),
    *("PIL.GifImagePlugin", "PIL.PdfParser", "PIL.TiffImagePlugin"),
    # For a person at a terminal, a debugger, or old encodings of Asian files.
    *("curses", "readline", "pdb", "doctest", "unittest", "pydoc"),
    *("sqlite3", "xml", "xmlrpc", "ftplib", "lib2to3", "setuptools", "six.moves"),
    *("_codecs_cn", "_codecs_hk", "_codecs_jp", "_codecs_kr", "_codecs_tw"),
    *("_codecs_iso2022", "_multibytecodec", "multiprocessing", "pyexpat"),
]

#: Files by their place in the bundle. What a Linux desktop with X brings itself is
#: taken from there: an old copy of ours beside its own is how fonts and drivers break.
_LEFT_OUT: Final = re.compile(
    r"""
    PySide6/Qt/translations/
    | PySide6/Qt/plugins/(?!platforms/(libqxcb\.so$|qwindows|libqcocoa)
        | platforminputcontexts/lib(compose|ibus)platform
        | styles/(qmodernwindows|libqmac))
    | libQt6(Network|Svg|OpenGL|Wayland|Wl|EglFS|EglFs|Pdf|Qml|Quick|VirtualKeyboard)
    | ^lib(gtk-3|gdk-3|gdk_pixbuf|gio|gobject|glib|gmodule|gthread|pango|cairo|atk|
        atspi|epoxy|pixman|harfbuzz|fribidi|thai|datrie|graphite2|rsvg|mount|blkid|
        systemd|gcrypt|gpg-error|lz4|cap|selinux|pcre2|krb5|k5crypto|gssapi|com_err|
        keyutils|resolv|wayland-\w+|X11|Xau|Xdmcp|Xext|Xcursor|Xi|Xfixes|Xdamage|
        Xcomposite|Xrandr|Xrender|Xinerama|xcb|freetype|fontconfig|expat|uuid|
        dbus-1|EGL|GL|GLX|GLdispatch|drm|gbm|readline|ncursesw?|tinfo|brotli|bsd|md|
        jpeg|png16|zstd|stdc\+\+|gcc_s)[-.\d]*[\w.-]*\.so
    | pillow\.libs/lib(avif|harfbuzz|freetype|lcms2|brotli)
    | PIL/_(avif|imagingcms|imagingft|imagingmath|imagingmorph|imagingtk)
    | numpy/(random|fft|linalg)/.*\.so$
    | \.dist-info/(RECORD|licenses|sboms)
    """,
    re.VERBOSE,
)
#: Asked for first: what a desktop may lack although it has X.
_KEPT: Final = re.compile(r"^libxcb-(cursor|util)|^libxkbcommon")


def keeps(name: str) -> bool:
    """Tell whether a file, by its place in the bundle, comes along."""
    place = name.replace("\\", "/")
    return bool(_KEPT.search(place)) or not _LEFT_OUT.search(place)
