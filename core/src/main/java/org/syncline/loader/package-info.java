/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Loaders: batches of chunks, from one recording or hundreds, in an order that can be resumed exactly. */
package org.syncline.loader;
