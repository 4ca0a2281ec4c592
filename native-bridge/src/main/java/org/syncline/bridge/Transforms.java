/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.Target;
import org.syncline.config.schema.TargetKeys;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;
import org.syncline.transform.FrameShape;
import org.syncline.transform.ScreenTransform;

/** Functions over lists of screen transforms. */
final class Transforms {
  private Transforms() {}

  /** Transforms, one after the other. */
  private static final class Steps extends Handles.Resource {
    final List<ScreenTransform> all = new ArrayList<>();

    @Override
    String what() {
      return "a list of screen transforms";
    }

    @Override
    void close() {
      // transforms own nothing
    }
  }

  static long open(long words) {
    String text = Memory.text(Memory.word(words, 0));
    Steps transforms = new Steps();
    Registry registry = Registry.services();
    Object value = Options.tree(text, "transforms").value();
    for (Object item : value instanceof List<?> list ? list : Collections.singletonList(value)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw new ConfigException(
            "transforms",
            0,
            "transforms",
            "found " + Documents.toJson(item) + ", expected a list of maps");
      }
      String name = null;
      Map<String, Object> arguments = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String key = String.valueOf(entry.getKey());
        if (TargetKeys.isName(key)) {
          name = String.valueOf(entry.getValue());
        } else if (TargetKeys.isArgument(key)) {
          arguments.put(key, entry.getValue());
        }
      }
      if (name == null) {
        throw new ConfigException("transforms", 0, "_target_", "is missing");
      }
      transforms.all.add(registry.transform(Target.of(name, arguments).at(name, "transforms")));
    }
    return Handles.add(transforms);
  }

  static void apply(long words) {
    Steps transforms = Handles.get(Memory.word(words, 0), Steps.class);
    for (int axis = 0; axis < 4; axis++) {
      long n = Memory.word(words, 2 + axis);
      if (n < 0 || n > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape[" + axis + "] is " + n + ", expected 0 to " + Integer.MAX_VALUE);
      }
    }
    int frames = (int) Memory.word(words, 2);
    FrameShape shape =
        new FrameShape(
            (int) Memory.word(words, 3), (int) Memory.word(words, 4), (int) Memory.word(words, 5));
    long bytes = 4L * frames * shape.pixels();
    MemorySegment data = Results.allocate(bytes);
    if (bytes > 0) {
      MemorySegment.copy(
          Memory.at(Memory.word(words, 1), bytes),
          JAVA_FLOAT_UNALIGNED,
          0,
          data,
          JAVA_FLOAT_UNALIGNED,
          0,
          bytes / 4);
    }
    for (ScreenTransform step : transforms.all) {
      FrameShape next = step.outputShape(shape);
      MemorySegment out = Results.allocate(4L * frames * next.pixels());
      if (frames > 0) {
        step.apply(data, shape, frames, out);
      }
      data = out;
      shape = next;
    }
    View.managed(
        words,
        new Tensor(
            ElementType.FLOAT32,
            new long[] {frames, shape.channels(), shape.height(), shape.width()},
            data));
  }
}
