/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Generators of recordings, goldens, oracles and a guard-page arena; for tests, the demo and
 * benchmarks.
 */
module org.syncline.testdata {
  requires com.fasterxml.jackson.core;

  exports org.syncline.testdata;
}
