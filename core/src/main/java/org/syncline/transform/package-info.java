/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Screen transforms, and the plan that runs the steps of several in one pass. */
@NullMarked
package org.syncline.transform;

import org.jspecify.annotations.NullMarked;
