/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Statistics of stored samples: moments, extremes, quantiles. */
@NullMarked
package org.syncline.stats;

import org.jspecify.annotations.NullMarked;
