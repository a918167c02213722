"""The Streamlit pages of Unrolled.

BLAS is kept to one thread: on products of this size several are slower, and they would stall the other sessions. It
reads that when NumPy is loaded, which is after this. To set it in a running server, its loaded libraries have to be
walked, and that locks up with a thread that is loading one.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")  # the processes that run experiments inherit it
