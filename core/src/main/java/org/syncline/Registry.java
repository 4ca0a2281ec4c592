/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.config.schema.SettingNames;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;
import org.syncline.device.Problems;
import org.syncline.device.support.Answers;
import org.syncline.device.support.Findings;
import org.syncline.device.support.Interruptions;
import org.syncline.device.support.SelectedColumns;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.filter.Filter;
import org.syncline.transform.ScreenTransform;

/**
 * Modalities, interpolators, filters and screen transforms by the names that meta.yml and
 * configurations use. Immutable, safe for use by several threads.
 *
 * <p>Every registry starts with the built-in ones; an entry of the same name replaces a built-in
 * one, which is a warning where a provider does it. Filters and transforms are also found with the
 * module in front of their name that they have in Python: {@code torchvision.transforms.v2.Resize},
 * {@code experanto.filters.common_filters.nan_filter}.
 */
public final class Registry {
  /** What is said once a process: built-in components that a provider replaces. */
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  /** The built-in components alone. */
  public static final Registry EMPTY = builder().build();

  static {
    // once a process: whoever opens anything comes by here
    SettingNames.warn();
  }

  private final Map<String, Modality> modalities;
  private final Map<String, BiFunction<Path, Map<String, Object>, Interpolator>> interpolators;
  final Components<Filter> filters;
  final Components<ScreenTransform> transforms;

  private Registry(Builder builder) {
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(builder.modalities));
    interpolators = Collections.unmodifiableMap(new LinkedHashMap<>(builder.interpolators));
    filters = new Components<>("filter", builder.filters);
    transforms = new Components<>("screen transform", builder.transforms);
  }

  /** Starts a registry with the built-in components. */
  public static Builder builder() {
    Builder builder = new Builder();
    new BuiltIns().register(builder);
    return builder;
  }

  /**
   * Gathers the components of every {@link RegistryProvider} that ServiceLoader finds for the
   * calling thread's context class loader and for Syncline's own.
   *
   * @throws SynclineException where two providers register one name, for which of them a program
   *     gets would depend on the order of its jars; and where a provider cannot be loaded or fails
   */
  public static Registry services() {
    Builder builder = builder();
    ClassLoader own = Registry.class.getClassLoader();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    builder.fromAll(own);
    if (context != null && context != own) {
      // a loader that delegates to ours finds the same providers again; they replace themselves
      builder.fromAll(context);
    }
    Extensions.sayUseless(builder.found);
    builder.provider = null;
    return builder.build();
  }

  /** Returns the names of all modalities and of interpolators that configurations may name. */
  @Override
  public String toString() {
    return "Registry(modalities "
        + String.join(", ", modalities.keySet())
        + (interpolators.isEmpty()
            ? ""
            : "; interpolators " + String.join(", ", interpolators.keySet()))
        + ")";
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
    return read(MetaFile.read(folder));
  }

  private DeviceMeta read(MetaFile file) {
    Modality modality = modality(file);
    boolean before = Interruptions.before();
    DeviceMeta meta = modality.read(file);
    Interruptions.check(before, file.path().toString(), (Object) modality);
    return checked(meta, modality);
  }

  /** Same, and says which keys look misspelt. */
  DeviceMeta readToOpen(Path folder) {
    MetaFile file = MetaFile.read(folder);
    DeviceMeta meta = read(file);
    Problems found = new Problems();
    misspelt(file, found);
    Findings.say(found);
    return meta;
  }

  /** Adds a warning for each key of a meta.yml that was read which looks misspelt. */
  static void misspelt(MetaFile file, Problems problems) {
    file.misspelt()
        .forEach(
            (key, meant) ->
                problems.warning(
                    file.path(),
                    key,
                    "a key that is not read",
                    meant + ", which is missing",
                    "did you mean '" + meant + "'?"));
  }

  /** Returns what a modality read, where that is a device with a folder. */
  static DeviceMeta checked(DeviceMeta meta, Modality modality) {
    Answers.given(meta, modality, "read", "a device");
    Answers.given(meta.folder(), meta, "folder", "that of the meta.yml");
    return meta;
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
        ? custom(folder, options.target(), config)
        : open(read(folder), config, cache);
  }

  /** Opens a device whose meta.yml is read. */
  static Interpolator open(DeviceMeta meta, ModalityConfig config, boolean cache) {
    Map<String, List<String>> unread = config.interpolation().unread(meta.modality());
    for (Map.Entry<String, List<String>> option : unread.entrySet()) {
      List<String> meant = option.getValue();
      Findings.warn(
          meta.folder(),
          "interpolation." + option.getKey(),
          "an option that changes nothing for modality " + meta.modality(),
          meant.isEmpty() ? "no options" : "one of " + String.join(", ", meant),
          meant.size() == 1
              ? "did you mean '" + meant.getFirst() + "'?"
              : "remove it from this device");
    }
    boolean before = Interruptions.before();
    Interpolator opened = Answers.given(meta.open(config, cache), meta, "open", "an interpolator");
    return selected(opened, meta.folder(), config, before, meta);
  }

  private Interpolator custom(Path folder, Target target, ModalityConfig config) {
    boolean before = Interruptions.before();
    Interpolator device = openCustom(folder, target);
    return selected(device, folder, config, before, device);
  }

  private static Interpolator selected(
      Interpolator device, Path folder, ModalityConfig config, boolean before, Object opener) {
    try {
      Interruptions.check(before, folder.toString(), opener);
      Answers.check(device);
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
    String key =
        "modality_config.".concat(folder.getFileName().toString()).concat(".interpolation");
    Target placed = target.at(key, target.source());
    BiFunction<Path, Map<String, Object>, Interpolator> opening = interpolators.get(target.name());
    if (opening == null) {
      throw Components.unknown(placed, "interpolator", interpolators.keySet());
    }
    Interpolator opened = opening.apply(folder, target.arguments());
    return Components.checked(opened, placed, "interpolator");
  }

  /**
   * Creates the filter that a configuration names.
   *
   * @throws ConfigException where the name is not registered, with the nearest one and all that
   *     are, or an argument is wrong
   */
  public Filter filter(Target target) {
    return filters.create(target);
  }

  /** Returns whether this is the name of a filter, with or without its module. */
  public boolean hasFilter(String name) {
    return filters.has(name);
  }

  /**
   * Creates the screen transform that a configuration names.
   *
   * @throws ConfigException where the name is not registered, with the nearest one and all that
   *     are, or an argument is wrong
   */
  public ScreenTransform transform(Target target) {
    return transforms.create(target);
  }

  /** Returns whether this is the name of a screen transform, with or without its module. */
  public boolean hasTransform(String name) {
    return transforms.has(name);
  }

  /** Returns a builder that starts with this registry's components. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.modalities.putAll(modalities);
    builder.interpolators.putAll(interpolators);
    builder.filters.putAll(filters.makers());
    builder.transforms.putAll(transforms.makers());
    return builder;
  }

  /** Collects components; for one thread. */
  public static final class Builder {
    private final Map<String, Modality> modalities = new LinkedHashMap<>();
    private final Map<String, BiFunction<Path, Map<String, Object>, Interpolator>> interpolators =
        new LinkedHashMap<>();
    private final Map<String, Function<Target, Filter>> filters = new LinkedHashMap<>();
    private final Map<String, Function<Target, ScreenTransform>> transforms = new LinkedHashMap<>();

    /** Who registered what, of providers. */
    private final Map<String, String> providers = new HashMap<>();

    /** The classes of providers. */
    private final List<Class<?>> found = new ArrayList<>();

    /** The class of the provider that registers now, or null where a program does. */
    private @Nullable String provider;

    private Builder() {}

    /** Registers what all providers that a class loader finds have. */
    private void fromAll(ClassLoader loader) {
      Iterator<RegistryProvider> all =
          ServiceLoader.load(RegistryProvider.class, loader).iterator();
      while (true) {
        RegistryProvider one;
        try {
          if (!all.hasNext()) {
            return;
          }
          one = all.next();
        } catch (ServiceConfigurationError | LinkageError e) {
          throw new SynclineException(
              "extensions: found a provider that cannot be loaded ("
                  + e.getMessage()
                  + (e.getCause() == null ? "" : ": " + e.getCause())
                  + "), expected a public class with a constructor without parameters that"
                  + " implements "
                  + RegistryProvider.class.getName()
                  + "; compile its jar against this version of Syncline, for Java "
                  + Runtime.version().feature()
                  + " or older, correct its META-INF/services, or leave it out",
              e);
        }
        from(one);
      }
    }

    private void from(RegistryProvider one) {
      found.add(one.getClass());
      provider = one.getClass().getName();
      boolean before = Interruptions.before();
      try {
        one.register(this);
      } catch (SynclineException e) {
        throw e;
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        Path jar = Extensions.place(one.getClass());
        throw new SynclineException(
            "extensions: "
                + provider
                + ".register threw "
                + e
                + (jar == null ? "" : " (" + jar + ")")
                + ", expected it to register components; mend it, compile it against this"
                + " version of Syncline, or leave its jar out",
            e);
      }
      Interruptions.check(before, "extensions", provider.concat(".register"));
    }

    private <V> void put(Map<String, V> all, String kind, String name, V value) {
      String what = kind + " '" + name + "'";
      if (name.isBlank() || !name.equals(name.strip())) {
        throw new IllegalArgumentException(
            what
                + ": found a name that is blank or has blanks around it, expected one to be"
                + " named by");
      }
      String other = provider == null ? null : providers.put(what, provider);
      if (other != null && !other.equals(provider)) {
        throw new SynclineException(
            what
                + ": found in "
                + other
                + " and in "
                + provider
                + ", expected it in one provider; rename one of them, or leave its jar out",
            null);
      }
      if (provider != null && other == null && all.containsKey(name) && SAID.add(what)) {
        System.getLogger("org.syncline")
            .log(
                System.Logger.Level.WARNING,
                "{0}: {1} replaces the one that comes with Syncline, wherever it is named",
                what,
                provider);
      }
      all.put(name, value);
    }

    /** Registers a modality under the name that {@code modality: name} of meta.yml uses. */
    public Builder modality(Modality modality) {
      String name = Objects.requireNonNull(modality.name(), "name is null");
      put(modalities, "modality", name, modality);
      return this;
    }

    /**
     * Registers an interpolator of a program's own.
     *
     * @param name what {@code interpolation: {_target_: name}} uses
     * @param opening opens the interpolator of one device from the device's folder, which need not
     *     exist, and the other keys beside {@code _target_}
     */
    public Builder interpolator(
        String name, BiFunction<Path, Map<String, Object>, Interpolator> opening) {
      Objects.requireNonNull(name, "name is null");
      put(interpolators, "interpolator", name, Objects.requireNonNull(opening, "opening is null"));
      return this;
    }

    /**
     * Registers a filter.
     *
     * @param name what {@code _target_} or {@code __target__} uses
     * @param maker creates the filter from what the configuration says; throws a ConfigException or
     *     an IllegalArgumentException where an argument is unknown or wrong
     */
    public Builder filter(String name, Function<Target, Filter> maker) {
      Objects.requireNonNull(name, "name is null");
      put(filters, "filter", name, Objects.requireNonNull(maker, "maker is null"));
      return this;
    }

    /**
     * Registers a screen transform.
     *
     * @param name what {@code _target_} or {@code __target__} uses
     * @param maker creates the transform from what the configuration says; throws a ConfigException
     *     or an IllegalArgumentException where an argument is unknown or wrong
     */
    public Builder transform(String name, Function<Target, ScreenTransform> maker) {
      Objects.requireNonNull(name, "name is null");
      put(transforms, "screen transform", name, Objects.requireNonNull(maker, "maker is null"));
      return this;
    }

    /** Returns an immutable registry of what was registered so far. */
    public Registry build() {
      return new Registry(this);
    }

    @Override
    public String toString() {
      return "Builder of " + build();
    }
  }
}
