/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.syncline.config.Target;
import org.syncline.error.ConfigException;

class ScreenTransformsTest {
  @Test
  void readsTransformsByName() {
    Target resize =
        new Target(
            "Resize",
            "torchvision.transforms.v2.Resize",
            Map.of("size", List.of(3L), "interpolation", 2L),
            "test:1");
    assertEquals(
        new Resize(3, 0, 0, Resize.Interpolation.BILINEAR, true),
        ScreenTransforms.create(resize, Map.of()));
    Target normalize =
        new Target("N", "Normalize", Map.of("mean", 80L, "std", List.of(60.0)), "test:2");
    assertTrue(ScreenTransforms.create(normalize, Map.of()) instanceof Normalize);
    Target own = new Target("X", "my.Difference", Map.of(), "test:3");
    ScreenTransform difference = new ToTensor();
    assertSame(difference, ScreenTransforms.create(own, Map.of("my.Difference", t -> difference)));
    ConfigException e =
        assertThrows(ConfigException.class, () -> ScreenTransforms.create(own, Map.of()));
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
          ConfigException.class,
          () -> ScreenTransforms.create(new Target("Resize", "Resize", arguments, null), Map.of()));
    }
    Target flat = new Target("N", "Normalize", Map.of("mean", 80L, "std", 0L), "test:2");
    assertThrows(ConfigException.class, () -> ScreenTransforms.create(flat, Map.of()));
  }
}
