/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Configurations: every key, the classes that hold them, and their builders. */
@NullMarked
package org.syncline.config;

import org.jspecify.annotations.NullMarked;
