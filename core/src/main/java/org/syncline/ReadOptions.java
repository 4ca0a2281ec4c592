/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.syncline.array.ElementType;

/** How a reader writes chunks, where it differs from the dataset's configuration. Immutable. */
public final class ReadOptions {
  /** The dataset's own types and entries. */
  public static final ReadOptions DEFAULT = builder().build();

  private final Map<String, ElementType> types;
  private final List<String> outKeys;

  private ReadOptions(Builder builder) {
    types = Map.copyOf(builder.types);
    outKeys = builder.outKeys;
  }

  /** Starts from the dataset's own types and entries. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the element type by device, for those that shall not have their natural one. */
  public Map<String, ElementType> types() {
    return types;
  }

  /** Returns the entries to read, or null for the dataset's. */
  public @Nullable List<String> outKeys() {
    return outKeys;
  }

  /** Returns whether the other asks for the same types and entries. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ReadOptions o
        && types.equals(o.types)
        && Objects.equals(outKeys, o.outKeys);
  }

  @Override
  public int hashCode() {
    return 31 * types.hashCode() + Objects.hashCode(outKeys);
  }

  /** Returns the types and entries that differ from the dataset's own. */
  @Override
  public String toString() {
    return "ReadOptions("
        + (types.isEmpty() ? "" : "types " + new TreeMap<>(types))
        + (types.isEmpty() || outKeys == null ? "" : ", ")
        + (outKeys == null ? "" : "outKeys " + outKeys)
        + ")";
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    private final Map<String, ElementType> types = new LinkedHashMap<>();
    private List<String> outKeys;

    private Builder() {}

    /**
     * Sets a device's element type: FLOAT32, FLOAT16 or BFLOAT16; UINT8 on a screen means pixels
     * before normalisation, rounded, normalisation left to the consumer.
     */
    public Builder type(String device, ElementType type) {
      types.put(
          Objects.requireNonNull(device, "device is null"),
          Objects.requireNonNull(type, "type is null"));
      return this;
    }

    /** Sets the element types of several devices, like {@link #type}. */
    public Builder types(Map<String, ElementType> types) {
      types.forEach(this::type);
      return this;
    }

    /** Sets the entries to read: devices and {@code timestamps}; null: the dataset's. */
    public Builder outKeys(@Nullable List<String> outKeys) {
      this.outKeys = outKeys == null ? null : List.copyOf(outKeys);
      return this;
    }

    /** Returns the options set so far. */
    public ReadOptions build() {
      return new ReadOptions(this);
    }

    @Override
    public String toString() {
      return "Builder of " + build();
    }
  }
}
