/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;

/** What {@link LoaderBuilder#memory} was given. */
record SlotListener(Consumer<MemorySegment> allocated, Consumer<MemorySegment> freeing) {
  SlotListener {
    Objects.requireNonNull(allocated, "allocated is null");
    Objects.requireNonNull(freeing, "freeing is null");
  }
}
