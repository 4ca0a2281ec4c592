/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Exports for C and Python: upcall table, handles, DLPack. */
package org.syncline.bridge;
