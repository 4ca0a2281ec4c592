# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The way from Python to libsyncline. Nothing here is public.

A module imports only those above it:

=============  ==============================================================================================
``abi``        constants and signatures of ``syncline.h``; generated
``structs``    structs of DLPack and of ``syncline.h`` for ctypes, names of element types
``warnings``   what Java warns of, as log records or as Python's warnings
``library``    the library in this process: found, loaded, started; errors of its calls become exceptions
``tensors``    memory made by Java as arrays and tensors
``functions``  the functions of ``syncline.h`` with Python's types
``batches``    batches of a loader, so that Ctrl-C costs none
=============  ==============================================================================================

The exceptions, which once stood here, are those of :mod:`syncline.errors`.
"""

from ..errors import *  # noqa: F401, F403
