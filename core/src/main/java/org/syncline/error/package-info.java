/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What goes wrong: recordings, configurations, and what is used after its close. */
@NullMarked
package org.syncline.error;

import org.jspecify.annotations.NullMarked;
