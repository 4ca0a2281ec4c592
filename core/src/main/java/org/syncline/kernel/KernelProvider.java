/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.syncline.error.ConfigException;
import org.syncline.kernel.lanes.RequestedBits;
import org.syncline.kernel.lanes.Widths;
import org.syncline.setting.Setting;

/**
 * Chooses the kernels once for the process and says why.
 *
 * <p>System properties, read when the first kernel is asked for:
 *
 * <ul>
 *   <li>{@code syncline.kernels}: {@code scalar} or {@code vector}. Without it the vector kernels
 *       run where they can, else the scalar ones with one logged line that says what to change.
 *       {@code vector} refuses to run scalar.
 *   <li>{@code syncline.vector.bits}: {@code 128}, {@code 256} or {@code 512}; without it the
 *       machine's preferred width. A width beyond the machine's is lowered to the machine's with
 *       one logged line, so that one configuration serves several machines.
 *   <li>{@code syncline.warmup}: {@code true} or {@code false}. With it each vector kernel starts
 *       scalar and is switched to its vector form once a daemon thread has had that compiled; both
 *       write the same bits, and {@link Kernels#name} tells the vector form from the start. Without
 *       the property it is on where neither of the others is set, so that these mean what they say
 *       from the first call.
 * </ul>
 *
 * <p>Any other value is refused by {@link #get()}. The JVM needs {@code
 * --add-modules=jdk.incubator.vector} for the vector kernels; nothing refers to that module before
 * its presence is known.
 */
public final class KernelProvider {
  private static final String MODULE = "jdk.incubator.vector";

  private KernelProvider() {}

  /**
   * Returns the kernels of this process, the same object each time. Safe for use by several
   * threads; keep it in a static final field.
   *
   * @throws ConfigException when a property has an unknown value, or {@code
   *     syncline.kernels=vector} and this JVM cannot run them
   */
  public static Kernels get() {
    if (Holder.FAILURE != null) {
      throw Holder.FAILURE;
    }
    return Holder.KERNELS;
  }

  /**
   * Waits until the kernels that ran so far have their final form, and has those that wait for it
   * begin at once; see {@link Setting#WARMUP}.
   *
   * @param deadline as of {@link System#nanoTime}
   * @return false where some have not by then
   */
  public static boolean awaitWarm(long deadline) throws InterruptedException {
    return Warmup.await(deadline);
  }

  /** Returns how many kernels have asked for their final form so far. */
  public static int warmed() {
    return Warmup.SUBMITTED.get();
  }

  private static Kernels choose() {
    Logger log = System.getLogger("org.syncline");
    String asked = Setting.KERNELS.text();
    if (asked != null && !asked.equals("scalar") && !asked.equals("vector")) {
      throw Setting.KERNELS.wrong("scalar or vector");
    }
    int bits = RequestedBits.get();
    boolean warmup = Setting.WARMUP.isOn(asked == null && bits == 0);
    if ("scalar".equals(asked)) {
      return Kernels.scalar();
    }
    String obstacle = obstacle();
    if (obstacle == null && warmup) {
      return Kernels.warming();
    }
    if (obstacle == null) {
      try {
        // resolved here: this class links in a JVM without the module
        int width = Widths.BITS;
        if (width < bits) {
          log.log(
              Level.WARNING,
              Setting.VECTOR_BITS.property()
                  + "="
                  + bits
                  + ": this machine has "
                  + width
                  + ", which is used");
        }
        return Kernels.vector();
      } catch (LinkageError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        obstacle = "they failed to start (" + cause + "); report it";
      }
    }
    if (asked != null) {
      throw Setting.KERNELS.refused("found 'vector', but " + obstacle);
    }
    logScalar(obstacle);
    return Kernels.scalar();
  }

  static void logScalar(String obstacle) {
    System.getLogger("org.syncline")
        .log(
            Level.WARNING,
            "Scalar kernels are used, several times slower than the vector ones: "
                + obstacle
                + ". Silence this line with -D"
                + Setting.KERNELS.property()
                + "=scalar");
  }

  /** Returns why the vector kernels cannot run well and what to change, or null. */
  private static String obstacle() {
    Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
    if (module.isEmpty()) {
      return "start Java with --add-modules=" + MODULE;
    }
    // not in module-info, where it would be a warning for all who compile against this module
    KernelProvider.class.getModule().addReads(module.get());
    String vm = System.getProperty("java.vm.name", "");
    String info = System.getProperty("java.vm.info", "");
    // without C2 each vector operation is an allocation
    if (!vm.contains("Server VM")) {
      return "they need HotSpot's server compiler, this is " + vm;
    }
    if (info.contains("interpreted") || info.contains("emulated-client")) {
      return "they need HotSpot's C2 compiler, which the JVM's options switch off (-Xint, -client or TieredStopAtLevel)";
    }
    if (ModuleLayer.boot().findModule("jdk.internal.vm.ci").isPresent()) {
      return "they need HotSpot's C2 compiler, start Java without JVMCI (-XX:-EnableJVMCI)";
    }
    return null;
  }

  private static final class Holder {
    static final Kernels KERNELS;
    static final ConfigException FAILURE;

    static {
      Kernels kernels = null;
      ConfigException failure = null;
      try {
        kernels = choose();
      } catch (ConfigException e) {
        failure = e;
      }
      KERNELS = kernels;
      FAILURE = failure;
    }
  }
}
