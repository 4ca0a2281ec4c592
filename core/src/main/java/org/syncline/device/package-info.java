/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What a modality implements, built in or not: it reads a device's folder, opens and samples it.
 */
@NullMarked
package org.syncline.device;

import org.jspecify.annotations.NullMarked;
