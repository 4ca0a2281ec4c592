/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.syncline.Registry;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.error.ConfigException;
import org.syncline.transform.ScreenTransform;

class BuiltInTransformsTest {
  @Test
  void readsTransformsByName() {
    Target resize =
        Target.of(
                "torchvision.transforms.v2.Resize",
                Map.of("size", List.of(3L), "interpolation", 2L))
            .at("Resize", "test:1");
    assertEquals(
        new Resize(3, 0, 0, Resize.Interpolation.BILINEAR, true), Registry.EMPTY.transform(resize));
    Target normalize =
        Target.of("Normalize", Map.of("mean", 80L, "std", List.of(60.0))).at("N", "test:2");
    assertTrue(Registry.EMPTY.transform(normalize) instanceof Normalize);
    Target own = Target.of("my.Difference", Map.of()).at("X", "test:3");
    ScreenTransform difference = new ToTensor();
    assertSame(
        difference,
        Registry.builder().transform("my.Difference", t -> difference).build().transform(own));
    ConfigException e = assertThrows(ConfigException.class, () -> Registry.EMPTY.transform(own));
    assertTrue(
        e.getMessage().contains("CenterCrop") && e.getMessage().contains("test:3"), e.getMessage());
    for (Map<String, Object> arguments :
        List.<Map<String, Object>>of(
            Map.of("size", 0L),
            Map.of("size", "big"),
            Map.of("size", List.of(1L, 2L, 3L)),
            Map.of("size", 5L, "interpolation", "lanczos"),
            Map.of("size", 5L, "sise", 3L),
            Map.of())) {
      assertThrows(
          ConfigException.class, () -> Registry.EMPTY.transform(Target.of("Resize", arguments)));
    }
    Target flat = Target.of("Normalize", Map.of("mean", 80L, "std", 0L)).at("N", "test:2");
    assertThrows(ConfigException.class, () -> Registry.EMPTY.transform(flat));
  }

  private static ScreenTransform create(String name, Map<String, Object> arguments) {
    return Registry.EMPTY.transform(Target.of(name, arguments).at(name, "test"));
  }

  @Test
  void readsEveryFormOfAnArgument() {
    for (Object filter : List.of("bicubic", "BICUBIC", "InterpolationMode.BICUBIC", 3L, 3.0)) {
      assertEquals(
          new Resize(5, 6, 0, Resize.Interpolation.BICUBIC, true),
          create("Resize", Map.of("size", List.of(5.0, 6L), "interpolation", filter)));
    }
    for (String filter : List.of("nearest-exact", "NEAREST_EXACT")) {
      assertEquals(
          new Resize(5, 0, 9, Resize.Interpolation.NEAREST_EXACT, false),
          create(
              "Resize",
              Map.of("size", 5L, "max_size", 9L, "interpolation", filter, "antialias", false)));
    }
    assertThrows(
        ConfigException.class, () -> create("Resize", Map.of("size", 5L, "interpolation", -1L)));
    Map<String, Object> none = new HashMap<>();
    none.put("size", null);
    none.put("max_size", 7L);
    none.put("interpolation", null);
    none.put("antialias", "warn");
    assertEquals(new Resize(0, 0, 7, Resize.Interpolation.BILINEAR, true), create("Resize", none));
    none.put("antialias", null);
    assertEquals(new Resize(0, 0, 7, Resize.Interpolation.BILINEAR, true), create("Resize", none));
    none.put("antialias", "yes");
    assertThrows(ConfigException.class, () -> create("Resize", none));
    assertEquals(new CenterCrop(4, 4), create("CenterCrop", Map.of("size", List.of(4L))));
    assertEquals(new CenterCrop(4, 5), create("CenterCrop", Map.of("size", List.of(4L, 5L))));
    assertEquals(new Grayscale(1), create("Grayscale", Map.of("_convert_", "all")));
    assertThrows(
        ConfigException.class, () -> create("Grayscale", Map.of("num_output_channels", 2L)));
    ConfigException missing =
        assertThrows(ConfigException.class, () -> create("CenterCrop", Map.of()));
    assertTrue(missing.getMessage().contains("CenterCrop.size: is missing"), missing.getMessage());
  }

  @Test
  void describesWhatItReads() {
    for (TransformType type :
        List.of(CenterCrop.TYPE, Grayscale.TYPE, Normalize.TYPE, Resize.TYPE, ToTensor.TYPE)) {
      ConfigSection section = type.description();
      assertEquals(type.name(), section.path());
      assertTrue(Registry.EMPTY.hasTransform(type.name()), type.name());
      assertTrue(section.description().endsWith("."), section.description());
      for (ConfigKey key : section.keys()) {
        assertTrue(key.description().endsWith("."), key + ": " + key.description());
        // whatever is described is read: a value that cannot be is refused by its name
        if (!key.name().equals("inplace")) {
          Map<String, Object> arguments = new HashMap<>(Map.of("size", 3L, "mean", 1L, "std", 1L));
          arguments.keySet().retainAll(section.names());
          arguments.put(key.name(), "nonsense");
          ConfigException e =
              assertThrows(ConfigException.class, () -> create(section.path(), arguments));
          assertTrue(
              e.getMessage()
                  .contains(section.path() + "." + key.name() + ": is nonsense, expected"),
              e.getMessage());
        }
      }
    }
  }
}
