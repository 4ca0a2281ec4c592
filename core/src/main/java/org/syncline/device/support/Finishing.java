/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;

/** Finishes the values of every device alike. */
public final class Finishing {
  private Finishing() {}

  /**
   * Returns what reads a device's finished values: in one pass where the device fuses it, else the
   * device's own sampler with passes behind it.
   *
   * @param folder the device's folder, for messages
   * @throws IllegalArgumentException for screen transforms of a device without frames, statistics
   *     of a wrong length, or an element type that values cannot have
   * @throws org.syncline.error.ConfigException where transforms or statistics do not fit a device's
   *     frames, or the type of these cannot be written
   */
  public static Sampler sampler(Interpolator device, Finish finish, Path folder) {
    Sampler fused = Answers.optional(device.fused(finish), device, "fused").orElse(null);
    if (fused != null) {
      Answers.sampler(fused, device, "fused", folder);
      if (finish.type() != null && fused.type() != finish.type()) {
        throw new IllegalArgumentException(
            folder
                + ": "
                + device.getClass().getName()
                + " writes "
                + fused.type().numpyName()
                + " where "
                + finish.type().numpyName()
                + " was asked for");
      }
      return fused;
    }
    boolean frames = device.layout() == Layout.FRAMES;
    if (!finish.transforms().isEmpty() && !frames) {
      throw new IllegalArgumentException(
          folder + ": is no screen: screen transforms do not apply to it");
    }
    Sampler natural = Answers.sampler(device.sampler(), device, "sampler", folder);
    // pixels are rounded to uint8 as those of a screen are
    boolean rounds = finish.type() == ElementType.UINT8 && natural.type() != ElementType.UINT8;
    if (frames && (rounds || !finish.transforms().isEmpty())) {
      return new TransformedSampler(natural, finish, folder);
    }
    return finish.equals(Finish.NONE)
        ? natural
        : new FinishedSampler(natural, device.layout(), finish, folder);
  }
}
