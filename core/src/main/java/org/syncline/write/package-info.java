/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Recordings written from arrays and blocks. */
@NullMarked
package org.syncline.write;

import org.jspecify.annotations.NullMarked;
