/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.config.Target;
import org.syncline.error.ConfigException;

/**
 * Creates screen transforms from a configuration by torchvision's names, with any {@code
 * torchvision.transforms.} or {@code torchvision.transforms.v2.} prefix or none.
 */
public final class ScreenTransforms {
  private static final List<String> NAMES =
      List.of("CenterCrop", "Grayscale", "Normalize", "Resize", "ToTensor");
  private static final String PREFIX = "torchvision.transforms.";
  // what hydra's instantiate understands beside the arguments
  private static final Set<String> IGNORED =
      Set.of("_convert_", "_partial_", "_recursive_", "__partial__");

  private final Target target;

  private ScreenTransforms(Target target) {
    this.target = target;
  }

  /**
   * Creates the transform that a configuration names.
   *
   * @param target name and arguments
   * @param custom registered factories by name; they go before the built-in ones
   * @throws ConfigException for an unknown name (the message lists the known ones), an unknown
   *     argument, or an argument of the wrong type or range
   */
  public static ScreenTransform create(Target target, Map<String, ScreenTransformFactory> custom) {
    ScreenTransformFactory factory = custom.get(target.name());
    if (factory != null) {
      ScreenTransform made = factory.create(target);
      if (made == null) {
        throw error(
            target,
            "_target_",
            "the factory of '" + target.name() + "' returned null, expected a transform");
      }
      return made;
    }
    String name = target.name();
    if (name.startsWith(PREFIX)) {
      name = name.substring(name.lastIndexOf('.') + 1);
    }
    ScreenTransforms reader = new ScreenTransforms(target);
    try {
      switch (name) {
        case "ToTensor":
          reader.allow();
          return new ToTensor();
        case "Normalize":
          reader.allow("mean", "std", "inplace");
          return new Normalize(reader.floats("mean"), reader.floats("std"));
        case "Resize":
          reader.allow("size", "interpolation", "max_size", "antialias");
          return reader.resize();
        case "CenterCrop":
          reader.allow("size");
          int[] size = reader.lengths("size", true);
          return new CenterCrop(size[0], size[size.length - 1]);
        case "Grayscale":
          reader.allow("num_output_channels");
          Object channels = target.arguments().get("num_output_channels");
          return new Grayscale(
              channels == null ? 1 : reader.whole("num_output_channels", channels));
        default:
          Set<String> known = new TreeSet<>(custom.keySet());
          known.addAll(NAMES);
          throw error(
              target,
              "_target_",
              "no screen transform is called '"
                  + target.name()
                  + "'; known are "
                  + String.join(", ", known));
      }
    } catch (IllegalArgumentException e) {
      throw error(target, name, e.getMessage());
    }
  }

  private static ConfigException error(Target target, String key, String message) {
    String source = target.source() == null ? "configuration" : target.source();
    return new ConfigException(
        source, 0, target.key() == null ? key : target.key() + "." + key, message);
  }

  private void allow(String... names) {
    for (String key : target.arguments().keySet()) {
      if (!List.of(names).contains(key) && !IGNORED.contains(key)) {
        throw error(
            target,
            key,
            "is no argument of "
                + target.name()
                + "; "
                + (names.length == 0 ? "it has none" : "known are " + String.join(", ", names)));
      }
    }
  }

  private Resize resize() {
    int[] size = lengths("size", false);
    Object limit = target.arguments().get("max_size");
    Object smooth = target.arguments().getOrDefault("antialias", true);
    if (smooth != null && !(smooth instanceof Boolean) && !"warn".equals(smooth)) {
      throw error(target, "antialias", "is " + smooth + ", expected true or false");
    }
    return new Resize(
        size.length == 0 ? 0 : size[0],
        size.length == 2 ? size[1] : 0,
        limit == null ? 0 : whole("max_size", limit),
        interpolation(target.arguments().get("interpolation")),
        !Boolean.FALSE.equals(smooth));
  }

  private Resize.Interpolation interpolation(Object value) {
    String name = value == null ? "bilinear" : value.toString().toLowerCase(Locale.ROOT);
    name = name.substring(name.lastIndexOf('.') + 1).replace('-', '_');
    return switch (name) {
      case "0", "nearest" -> Resize.Interpolation.NEAREST;
      case "nearest_exact" -> Resize.Interpolation.NEAREST_EXACT;
      case "2", "bilinear" -> Resize.Interpolation.BILINEAR;
      case "3", "bicubic" -> Resize.Interpolation.BICUBIC;
      default ->
          throw error(
              target,
              "interpolation",
              "is " + value + ", expected nearest (0), nearest-exact, bilinear (2) or bicubic (3)");
    };
  }

  private int whole(String key, Object value) {
    if (value instanceof Number n
        && n.doubleValue() == Math.rint(n.doubleValue())
        && n.doubleValue() >= 1) {
      if (n.doubleValue() <= 1 << 15) {
        return n.intValue();
      }
    }
    throw error(target, key, "is " + value + ", expected a whole number from 1 to " + (1 << 15));
  }

  /** Reads a length, or a list of one or two; empty for null where it may be missing. */
  private int[] lengths(String key, boolean required) {
    Object value = target.arguments().get(key);
    if (value == null && !required) {
      return new int[0];
    }
    if (value instanceof List<?> list && (list.size() == 1 || list.size() == 2)) {
      return list.stream().mapToInt(v -> whole(key, v)).toArray();
    }
    if (value instanceof Number) {
      return new int[] {whole(key, value)};
    }
    throw error(
        target,
        key,
        (value == null ? "is missing" : "is " + value)
            + ", expected one length or [height, width]");
  }

  private float[] floats(String key) {
    Object value = target.arguments().get(key);
    List<?> list = value instanceof List<?> l ? l : value == null ? List.of() : List.of(value);
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(list.get(i) instanceof Number n) || !Double.isFinite(n.doubleValue())) {
        throw error(target, key, "is " + value + ", expected a number or one per channel");
      }
      values[i] = n.floatValue();
    }
    if (values.length == 0) {
      throw error(
          target,
          key,
          (value == null ? "is missing" : "is empty") + ", expected a number or one per channel");
    }
    return values;
  }
}
