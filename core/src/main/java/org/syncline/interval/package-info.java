/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Stretches of time. */
@NullMarked
package org.syncline.interval;

import org.jspecify.annotations.NullMarked;
