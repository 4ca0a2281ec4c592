/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Element types, and arrays outside the heap with their shape. */
@NullMarked
package org.syncline.array;

import org.jspecify.annotations.NullMarked;
