/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.InterpolatorFactory;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;
import org.syncline.device.support.SelectedColumns;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.filter.FilterFactory;
import org.syncline.transform.ScreenTransformFactory;

/**
 * Custom components by the names that configurations use. Immutable, safe for use by several
 * threads.
 *
 * <p>Every registry has the built-in modalities. The built-in filters and transforms need no entry.
 * An entry of the same name replaces a built-in one.
 */
public final class Registry {
  /** No custom components. */
  public static final Registry EMPTY = builder().build();

  private final Map<String, Modality> modalities;
  private final Map<String, InterpolatorFactory> interpolators;
  private final Map<String, FilterFactory> filters;
  private final Map<String, ScreenTransformFactory> transforms;

  private Registry(Builder builder) {
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(builder.modalities));
    interpolators = Collections.unmodifiableMap(new LinkedHashMap<>(builder.interpolators));
    filters = Collections.unmodifiableMap(new LinkedHashMap<>(builder.filters));
    transforms = Collections.unmodifiableMap(new LinkedHashMap<>(builder.transforms));
  }

  /** Starts a registry with nothing but the built-in modalities. */
  public static Builder builder() {
    Builder builder = new Builder();
    new BuiltIns().register(builder);
    return builder;
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

  /** Returns the modalities by name, in the order of registration. */
  public Map<String, Modality> modalities() {
    return modalities;
  }

  /**
   * Reads the {@code meta.yml} of a device's folder.
   *
   * @throws RecordingException naming file, key, found and expected, where the file is missing,
   *     cannot be read, is of no registered modality, lacks a key or has a value of the wrong type
   */
  public DeviceMeta read(Path folder) {
    MetaFile file = MetaFile.read(folder);
    return modality(file).read(file);
  }

  /** Returns the modality that a meta.yml names. */
  Modality modality(MetaFile file) {
    String known = "one of " + String.join(", ", modalities.keySet());
    if (!file.has("modality")) {
      throw file.error("modality", "nothing", known, null);
    }
    String name = file.text("modality");
    Modality modality = modalities.get(name);
    if (modality == null) {
      throw file.error(
          "modality",
          "'" + name + "'",
          known,
          modalities.containsKey(name.toLowerCase(Locale.ROOT))
              ? "write it in lower case"
              : "other modalities are registered with a RegistryProvider");
    }
    return modality;
  }

  /**
   * Opens the device in a folder.
   *
   * @param folder the device's folder; it need not exist where the configuration names a custom
   *     interpolator
   * @param config how it is read; {@code interpolation.target} names a custom interpolator
   * @param cache whether data is read into memory once
   * @throws RecordingException where a file is missing or wrong
   * @throws ConfigException where an option is wrong or a custom interpolator is not registered
   */
  public Interpolator open(Path folder, ModalityConfig config, boolean cache) {
    InterpolationConfig options = config.interpolation();
    return options != null && options.target() != null
        ? selected(openCustom(folder, options.target()), folder, config)
        : open(read(folder), config, cache);
  }

  /** Opens a device whose meta.yml is read. */
  static Interpolator open(DeviceMeta meta, ModalityConfig config, boolean cache) {
    return selected(meta.open(config, cache), meta.folder(), config);
  }

  private static Interpolator selected(Interpolator device, Path folder, ModalityConfig config) {
    try {
      return SelectedColumns.of(device, folder, config);
    } catch (Throwable t) {
      try {
        device.close();
      } catch (RuntimeException e) {
        t.addSuppressed(e);
      }
      throw t;
    }
  }

  private Interpolator openCustom(Path folder, Target target) {
    InterpolatorFactory factory = interpolators.get(target.name());
    if (factory == null) {
      throw new ConfigException(
          target.source() == null ? "configuration" : target.source(),
          0,
          "modality_config." + folder.getFileName() + ".interpolation._target_",
          "no interpolator is registered as '"
              + target.name()
              + "'; "
              + (interpolators.isEmpty()
                  ? "none is"
                  : "registered are " + String.join(", ", new TreeSet<>(interpolators.keySet()))));
    }
    Interpolator opened = factory.open(folder, target.arguments());
    if (opened == null) {
      throw new ConfigException(
          target.source() == null ? "configuration" : target.source(),
          0,
          "modality_config." + folder.getFileName() + ".interpolation._target_",
          "the factory of '" + target.name() + "' returned null, expected an interpolator");
    }
    return opened;
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
    Builder builder = new Builder();
    builder.modalities.putAll(modalities);
    builder.interpolators.putAll(interpolators);
    builder.filters.putAll(filters);
    builder.transforms.putAll(transforms);
    return builder;
  }

  /** Collects components; for one thread. */
  public static final class Builder {
    private final Map<String, Modality> modalities = new LinkedHashMap<>();
    private final Map<String, InterpolatorFactory> interpolators = new LinkedHashMap<>();
    private final Map<String, FilterFactory> filters = new LinkedHashMap<>();
    private final Map<String, ScreenTransformFactory> transforms = new LinkedHashMap<>();

    private Builder() {}

    /** Registers a modality under the name that {@code modality: name} of meta.yml uses. */
    public Builder modality(Modality modality) {
      modalities.put(Objects.requireNonNull(modality.name(), "name is null"), modality);
      return this;
    }

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
