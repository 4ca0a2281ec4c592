/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Seeded generators of recordings, goldens, the scalar oracle and a guard-page arena; for tests,
 * the demo and benchmarks.
 */
package org.syncline.testdata;
