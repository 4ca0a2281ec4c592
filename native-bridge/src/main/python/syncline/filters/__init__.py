# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""Filters: callables from a device to the intervals in which its data can be used."""
