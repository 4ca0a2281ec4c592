/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The public face: experiments and chunk datasets. */
package org.syncline;
