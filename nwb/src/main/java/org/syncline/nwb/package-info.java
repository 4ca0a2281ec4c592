/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Imports recordings from NWB files: {@link org.syncline.nwb.NwbImport} says what is in a file and
 * writes what can be mapped as the folders that Syncline reads.
 */
package org.syncline.nwb;
