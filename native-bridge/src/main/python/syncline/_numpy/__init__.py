# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""What Java computes, in NumPy: for devices, transforms and statistics that a program replaces or makes itself.

The modules take arrays and give arrays, and know nothing of interpolators and datasets.
"""
