/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Benchmarks, C reference kernels, roofline and guard. */
package org.syncline.bench;
