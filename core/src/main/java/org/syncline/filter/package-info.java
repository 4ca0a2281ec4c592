/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Filters: which stretches of a device, or which chunks, are valid. */
@NullMarked
package org.syncline.filter;

import org.jspecify.annotations.NullMarked;
