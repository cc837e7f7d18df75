"""At the bundle's start: numpy without its linear algebra, which nobody here asks for.

LAPACK is the other half of the library that ``smallblas.c`` replaces. numpy imports
its bindings early and calls them late: an empty module is enough, and whoever calls
one of them gets an ``AttributeError`` that names it.
"""

import sys
import types

for _name in ("numpy.linalg._umath_linalg", "numpy.linalg.lapack_lite"):
    sys.modules[_name] = types.ModuleType(_name)
