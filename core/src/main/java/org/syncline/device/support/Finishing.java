/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import org.syncline.device.Finish;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;

/** Finishes the values of every device alike. */
public final class Finishing {
  private Finishing() {}

  /**
   * Returns what reads a device's finished values: in one pass where the device fuses it, else the
   * device's own sampler with a pass behind it.
   *
   * @param folder the device's folder, for messages
   * @throws IllegalArgumentException for screen transforms of a device that does not apply them,
   *     statistics of a wrong length, or an element type that values cannot have
   */
  public static Sampler sampler(Interpolator device, Finish finish, Path folder) {
    Sampler fused = device.fused(finish).orElse(null);
    if (fused != null) {
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
    if (!finish.transforms().isEmpty()) {
      throw new IllegalArgumentException(
          folder
              + ": "
              + (device.layout() == Layout.FRAMES
                  ? device.getClass().getName() + " does not apply screen transforms to its frames"
                  : "is no screen: screen transforms do not apply to it"));
    }
    Sampler natural = device.sampler();
    return finish.equals(Finish.NONE)
        ? natural
        : new FinishedSampler(natural, device.layout(), finish, folder);
  }
}
