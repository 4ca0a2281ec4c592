/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.syncline.device.InterpolatorFactory;
import org.syncline.filter.FilterFactory;
import org.syncline.transform.ScreenTransformFactory;

/**
 * Custom components by the names that configurations use. Immutable, safe for use by several
 * threads.
 *
 * <p>The built-in filters and transforms need no entry; an entry of the same name replaces a
 * built-in one.
 */
public final class Registry {
  /** No custom components. */
  public static final Registry EMPTY = builder().build();

  private final Map<String, InterpolatorFactory> interpolators;
  private final Map<String, FilterFactory> filters;
  private final Map<String, ScreenTransformFactory> transforms;

  private Registry(Builder builder) {
    interpolators = Collections.unmodifiableMap(new LinkedHashMap<>(builder.interpolators));
    filters = Collections.unmodifiableMap(new LinkedHashMap<>(builder.filters));
    transforms = Collections.unmodifiableMap(new LinkedHashMap<>(builder.transforms));
  }

  /** Starts an empty registry. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Gathers the components of every {@link RegistryProvider} that ServiceLoader finds for the
   * calling thread's context class loader and for Syncline's own.
   */
  public static Registry services() {
    Builder builder = builder();
    ClassLoader own = Registry.class.getClassLoader();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ServiceLoader.load(RegistryProvider.class, own).forEach(p -> p.register(builder));
    if (context != null && context != own) {
      // a loader that delegates to ours finds the same providers again; they replace themselves
      ServiceLoader.load(RegistryProvider.class, context).forEach(p -> p.register(builder));
    }
    return builder.build();
  }

  /** Returns the interpolators by name, in the order of registration. */
  public Map<String, InterpolatorFactory> interpolators() {
    return interpolators;
  }

  /** Returns the filters by name, in the order of registration. */
  public Map<String, FilterFactory> filters() {
    return filters;
  }

  /** Returns the screen transforms by name, in the order of registration. */
  public Map<String, ScreenTransformFactory> transforms() {
    return transforms;
  }

  /** Returns a builder that starts with this registry's components. */
  public Builder toBuilder() {
    Builder builder = builder();
    builder.interpolators.putAll(interpolators);
    builder.filters.putAll(filters);
    builder.transforms.putAll(transforms);
    return builder;
  }

  /** Collects components; for one thread. */
  public static final class Builder {
    private final Map<String, InterpolatorFactory> interpolators = new LinkedHashMap<>();
    private final Map<String, FilterFactory> filters = new LinkedHashMap<>();
    private final Map<String, ScreenTransformFactory> transforms = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Registers an interpolator under the name that {@code interpolation: {_target_: name}} uses.
     */
    public Builder interpolator(String name, InterpolatorFactory factory) {
      interpolators.put(
          Objects.requireNonNull(name, "name is null"),
          Objects.requireNonNull(factory, "factory is null"));
      return this;
    }

    /** Registers a filter under the name that {@code _target_} or {@code __target__} uses. */
    public Builder filter(String name, FilterFactory factory) {
      filters.put(
          Objects.requireNonNull(name, "name is null"),
          Objects.requireNonNull(factory, "factory is null"));
      return this;
    }

    /** Registers a screen transform under the name that {@code _target_} uses. */
    public Builder transform(String name, ScreenTransformFactory factory) {
      transforms.put(
          Objects.requireNonNull(name, "name is null"),
          Objects.requireNonNull(factory, "factory is null"));
      return this;
    }

    /** Returns an immutable registry of what was registered so far. */
    public Registry build() {
      return new Registry(this);
    }
  }
}
