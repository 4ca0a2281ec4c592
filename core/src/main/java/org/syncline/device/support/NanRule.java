/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.error.RecordingException;
import org.syncline.kernel.NanColumnPass;
import org.syncline.kernel.NanRowsPass;
import org.syncline.kernel.NanSearchPass;
import org.syncline.kernel.NanValuePass;
import org.syncline.kernel.SumPass;
import org.syncline.transform.Normalization;

/**
 * A NaN policy bound to a device's finished values: what becomes of NaN is decided and done here
 * for every device. Immutable, shared by threads; each thread applies it through a {@link Cursor}.
 *
 * <p>Values are planes of rows of columns in C order: (T, N) is one plane, (C, T, H, W) are C
 * planes whose columns are pixels.
 */
public final class NanRule {
  /** Bytes of rows that are searched together: they stay in the second cache. */
  private static final int BLOCK_BYTES = 64 << 10;

  private static final int BLOCK_ROWS = 512;

  private final NanPolicy policy;
  private final ElementType type;
  private final int columns;
  private final int block;

  // what the policy needs, null where it does not
  private final NanSearchPass search;
  private final NanRowsPass searchRows;
  private final NanValuePass replaceByValue;
  private final SumPass sum;
  private final NanValuePass meansWithoutNaN;
  private final NanColumnPass replaceByMean;

  /** Names what values are, for the error of a policy that refuses NaN. */
  @FunctionalInterface
  public interface Names {
    /** Returns how users know a column of a plane. */
    String of(int plane, int column);
  }

  /** Names columns by their numbers. */
  public static final Names COLUMNS = (plane, column) -> "column " + column;

  /**
   * Binds a policy.
   *
   * @param possible whether the values can hold NaN, see {@link #possible}
   * @param type element type of the finished values; one without NaN has nothing to replace
   * @param columns values of a row
   */
  public NanRule(NanPolicy policy, boolean possible, ElementType type, int columns) {
    boolean applies = possible && type.isFloating() && columns > 0;
    this.policy = applies ? policy : NanPolicy.KEEP;
    this.type = type;
    this.columns = columns;
    long rowBytes = Math.max(1, (long) columns * type.bytes());
    block = Math.clamp(BLOCK_BYTES / rowBytes, 1, BLOCK_ROWS);
    NanPolicy.Kind kind = this.policy.kind();
    boolean searches = kind != NanPolicy.Kind.KEEP;
    boolean means = kind == NanPolicy.Kind.MEAN;
    search = searches ? NanSearchPass.of(type) : null;
    searchRows = searches ? NanRowsPass.of(type, columns) : null;
    replaceByValue = kind == NanPolicy.Kind.VALUE ? NanValuePass.of(type) : null;
    sum = means ? SumPass.of(type) : null;
    meansWithoutNaN = means ? NanValuePass.of(ElementType.FLOAT64) : null;
    replaceByMean = means ? NanColumnPass.of(type) : null;
  }

  /**
   * Returns whether finished values can hold NaN.
   *
   * @param stored whether there can be NaN before normalisation
   * @param n null for none
   */
  public static boolean possible(boolean stored, Normalization n) {
    return stored || n != null && !(finite(n.stds(), true) && finite(n.means(), false));
  }

  private static boolean finite(double[] statistics, boolean divides) {
    if (statistics != null) {
      for (double v : statistics) {
        if (!Double.isFinite(v) || divides && (float) v == 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Names a pixel of a frame. */
  public static String pixel(int channel, int pixel, int width) {
    return "channel " + channel + ", pixel [" + pixel / width + ", " + pixel % width + "]";
  }

  /** Returns whether NaN stay, or cannot be. */
  public boolean keeps() {
    return policy.kind() == NanPolicy.Kind.KEEP;
  }

  /**
   * Returns what one thread applies the rule with.
   *
   * @param arena the cursor's memory
   * @param folder the device's folder, for the error of a policy that refuses NaN
   * @param file what the values come from, for the same
   */
  public Cursor cursor(Arena arena, Path folder, Path file, Names names) {
    return new Cursor(arena, folder, file, names);
  }

  /** Scratch memory of one thread, and how many NaN it has replaced. */
  public final class Cursor {
    private final Arena arena;
    private final Path folder;
    private final Path file;
    private final Names names;
    private final ColumnMeans means;

    /** Whether each row of a block has NaN; made when first needed. */
    private MemorySegment withNaN;

    private long replaced;

    private Cursor(Arena arena, Path folder, Path file, Names names) {
      this.arena = arena;
      this.folder = folder;
      this.file = file;
      this.names = names;
      means = sum == null ? null : new ColumnMeans(sum, columns, arena);
    }

    /** Returns how many NaN have been replaced. */
    public long replaced() {
      return replaced;
    }

    /**
     * Applies the policy to planes that follow each other.
     *
     * @param times of the rows, in seconds
     * @throws RecordingException for a NaN where the policy refuses it
     */
    public void apply(MemorySegment data, long offset, int planes, int rows, double[] times) {
      if (!keeps()) {
        long planeBytes = (long) rows * columns * type.bytes();
        for (int p = 0; p < planes; p++) {
          applyToPlane(data, offset + p * planeBytes, p, rows, times);
        }
      }
    }

    private void applyToPlane(
        MemorySegment data, long offset, int plane, int rows, double[] times) {
      long rowBytes = (long) columns * type.bytes();
      MemorySegment ofColumns = null;
      for (int first = 0; first < rows; first += block) {
        int m = Math.min(block, rows - first);
        long begin = offset + first * rowBytes;
        if (!search.run(data, begin, m * columns)) {
          continue;
        }
        if (m > 1) {
          if (withNaN == null) {
            withNaN = arena.allocate(block);
          }
          searchRows.run(data, begin, m, withNaN, 0);
        }
        for (int k = 0; k < m; k++) {
          if (m > 1 && withNaN.get(JAVA_BYTE, k) == 0) {
            continue;
          }
          long row = begin + k * rowBytes;
          switch (policy.kind()) {
            case VALUE -> replaced += replaceByValue.run(data, row, columns, policy.value());
            case MEAN -> {
              if (ofColumns == null) {
                ofColumns = means.of(data, offset, rows, rowBytes);
                meansWithoutNaN.run(ofColumns, 0, columns, 0);
              }
              replaced += replaceByMean.run(data, row, columns, ofColumns);
            }
            default -> throw refused(data, row, plane, times[first + k]);
          }
        }
      }
    }

    private RecordingException refused(MemorySegment data, long row, int plane, double time) {
      int column = 0;
      while (!search.run(data, row + (long) column * type.bytes(), 1)) {
        column++;
      }
      return RecordingException.of(
          file,
          names.of(plane, column),
          "NaN at " + time + " s",
          "a number",
          "the NaN policy of "
              + folder.getFileName()
              + " is fail: mend the data or the statistics in meta, or choose mean, zero, a value or keep");
    }
  }
}
