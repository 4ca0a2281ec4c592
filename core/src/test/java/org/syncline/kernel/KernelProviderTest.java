/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.api.Test;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.error.ConfigException;
import org.syncline.kernel.lanes.Widths;
import org.syncline.setting.Setting;

/** The kernels that were asked for are the ones that run, and a fallback says what to change. */
class KernelProviderTest {
  /** Prints the kernels chosen, for the tests that need a JVM of their own. */
  public static final class Print {
    private Print() {}

    public static void main(String[] args) {
      try {
        Kernels kernels = KernelProvider.get();
        System.out.println("chosen " + kernels.name() + " " + kernels.bits());
        System.out.println(kernels.warms() ? "warms up" : "does not warm up");
      } catch (ConfigException e) {
        System.out.println("refused " + e.getMessage());
      }
    }
  }

  @Test
  void runsWhatThePropertiesSay() {
    String kind = System.getProperty(Setting.KERNELS.property(), "vector");
    int machine = VectorShape.preferredShape().vectorBitSize();
    int asked = Integer.getInteger(Setting.VECTOR_BITS.property(), machine);
    int bits = kind.equals("scalar") ? 0 : Math.min(asked, Math.min(512, machine));
    Kernels kernels = KernelProvider.get();
    assertSame(kernels, KernelProvider.get());
    assertEquals(bits, kernels.bits());
    assertEquals(bits == 0 ? "scalar" : "vector" + bits, kernels.name());
    assertFalse(kernels.warms());
    // bytes run scalar at 128 bits
    RowFinish f = RowFinish.conversion(ElementType.INT16, ElementType.FLOAT32);
    Class<?> loop = RowPass.of(f).body.loop().getClass();
    assertEquals(bits == 0 ? ScalarRows.class : VectorConversions.class, loop.getNestHost());
    if (bits > 0) {
      assertEquals(bits, Widths.FLOAT.vectorBitSize());
      assertEquals(bits, Widths.DOUBLE.vectorBitSize());
      assertEquals(bits / 2, Widths.HALF_FLOAT.vectorBitSize());
    }
  }

  @Test
  void withoutTheModuleRunsScalarAndSaysWhatToChange() throws Exception {
    String out = java();
    assertTrue(out.contains("chosen scalar 0"), out);
    assertTrue(out.contains("--add-modules=jdk.incubator.vector"), out);
    assertTrue(
        java("-Dsyncline.kernels=vector")
            .contains(
                "refused system property: syncline.kernels: found 'vector', but start Java with"),
        out);
  }

  @Test
  void scalarOnRequestIsSilent() throws Exception {
    String out = java("-Dsyncline.kernels=scalar");
    assertTrue(out.contains("chosen scalar 0"), out);
    assertFalse(out.contains("WARNING"), out);
  }

  @Test
  void withoutC2RunsScalar() throws Exception {
    String out = java("--add-modules=jdk.incubator.vector", "-XX:TieredStopAtLevel=1");
    assertTrue(out.contains("chosen scalar 0"), out);
    assertTrue(out.contains("C2"), out);
  }

  @Test
  void warmsUpWhereNothingElseIsAskedFor() throws Exception {
    String module = "--add-modules=jdk.incubator.vector";
    assertTrue(java(module).contains("\nwarms up"));
    assertTrue(java(module, "-Dsyncline.warmup=false").contains("does not warm up"));
    assertTrue(java(module, "-Dsyncline.kernels=vector").contains("does not warm up"));
    assertTrue(java(module, "-Dsyncline.vector.bits=128").contains("does not warm up"));
    String both = java(module, "-Dsyncline.vector.bits=128", "-Dsyncline.warmup=true");
    assertTrue(both.contains("chosen vector128"), both);
    assertTrue(both.contains("\nwarms up"), both);
    String value = java(module, "-Dsyncline.warmup=later");
    assertTrue(
        value.contains(
            "refused system property: syncline.warmup: found 'later', expected true or false"),
        value);
  }

  @Test
  void aMachineWithoutVectorsRunsScalarAndSaysSo() throws Exception {
    String out = java("--add-modules=jdk.incubator.vector", "-XX:MaxVectorSize=8");
    assertTrue(out.contains("chosen scalar 0"), out);
    assertTrue(out.contains("128 are needed"), out);
  }

  @Test
  void unknownValuesAreRefused() throws Exception {
    String kind = java("-Dsyncline.kernels=fast");
    assertTrue(
        kind.contains(
            "refused system property: syncline.kernels: found 'fast', expected scalar or vector"),
        kind);
    // whatever the kernels, and so also where nothing would warm up
    String warmup = java("-Dsyncline.warmup=no");
    assertTrue(
        warmup.contains(
            "refused system property: syncline.warmup: found 'no', expected true or false"),
        warmup);
    String bits = java("--add-modules=jdk.incubator.vector", "-Dsyncline.vector.bits=1024");
    assertTrue(
        bits.contains(
            "refused system property: syncline.vector.bits: found '1024', expected 128, 256 or 512"),
        bits);
  }

  @Test
  void aWidthBeyondTheMachineIsLoweredAloud() throws Exception {
    String out =
        java(
            "--add-modules=jdk.incubator.vector",
            "-XX:MaxVectorSize=16",
            "-Dsyncline.vector.bits=512");
    assertTrue(out.contains("chosen vector128 128"), out);
    assertTrue(out.contains("syncline.vector.bits=512: this machine has 128"), out);
  }

  private static String java(String... flags) throws Exception {
    return FreshJvm.output(FreshJvm.of(List.of(flags), Print.class));
  }
}
