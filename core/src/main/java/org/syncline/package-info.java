/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The public face: experiments and chunk datasets. */
@NullMarked
package org.syncline;

import org.jspecify.annotations.NullMarked;
