/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.syncline.device.Problems;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.file.RegularFiles;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;
import org.syncline.storage.StoredDoubles;
import org.syncline.sum.PairwiseSum;

/** Checks of files that several kinds of device have. */
public final class FileChecks {
  /** After this many of a kind a summary follows. */
  public static final int MOST_OF_A_KIND = 100;

  private static final int PIECE = 8192;

  private final Problems problems;

  public FileChecks(Problems problems) {
    this.problems = problems;
  }

  /** Reads a declared element type; reports one that NumPy does not know and returns null. */
  public Dtype dtype(Path metaFile, String declared, String examples) {
    Dtype dtype = Dtype.parse(declared);
    if (dtype == null) {
      problems.error(
          metaFile, "dtype", "'" + declared + "'", "a NumPy type such as " + examples, null);
    }
    return dtype;
  }

  /**
   * Returns whether a file that may be left out is there. A link to nothing is not, and a warning.
   */
  public boolean isThere(Path file) {
    Path nothing = Links.dangling(file);
    if (nothing != null) {
      problems.warning(file, null, Findings.linkTo(nothing), "a file, or none", "it is left out");
    }
    return Files.exists(file);
  }

  /** Warns of a file of the other format, beside the one that meta.yml names. */
  public static void unread(Problems problems, Path other, Path read) {
    if (Files.exists(other)) {
      problems.warning(
          other,
          null,
          "a file that is not read",
          "only " + read.getFileName(),
          "is_mem_mapped says which");
    }
  }

  /** Warns of bytes behind the array of a .npy file, as saving twice to an open file leaves. */
  public static void surplus(Path file, Problems problems) {
    NpyHeader header = Npy.header(file);
    long size;
    try {
      size = RegularFiles.size(file);
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
    long left = size - header.dataOffset() - header.dataBytes();
    if (left > 0) {
      problems.warning(
          file,
          "size",
          left + " bytes behind the array of " + shapeText(header.shape()),
          "the end of the file there, as its header says",
          "they are not read: was a second array saved to the open file?");
    }
  }

  /** Same as {@link #unread(Problems, Path, Path)} when a device is opened. */
  public static void unread(Path other, Path read) {
    Problems found = new Problems();
    unread(found, other, read);
    Findings.say(found);
  }

  /** What the times of a clock are for. */
  public enum Times {
    /** Of frames: one axis, ascending. */
    FRAMES,
    /** Of rows: strictly ascending. */
    ROWS,
    /** For nothing. */
    UNUSED
  }

  /**
   * Reads a clock and reports what is not finite or not ascending; null where it cannot be read.
   *
   * @param arena owner of the times, which stay outside the heap
   */
  public StoredDoubles timestamps(Path file, Times use, Arena arena) {
    boolean needed = use != Times.UNUSED;
    StoredDoubles array;
    try {
      array = StoredDoubles.open(file, arena);
    } catch (RecordingException e) {
      // of times beside a rate the comparison with it has said it
      if (needed) {
        problems.error(file, e.key(), e.found(), e.expected(), null);
      }
      return null;
    }
    surplus(file, problems);
    boolean line = array.shape().length == 1;
    if (needed
        && !line
        && (use == Times.FRAMES || !Statistics.fits(array.shape(), array.length()))) {
      problems.error(file, "shape", shapeText(array.shape()), "one axis", null);
    }
    long odd = 0;
    long back = 0;
    long same = 0;
    int firstOdd = -1;
    int firstBack = -1;
    int firstSame = -1;
    double last = Double.NaN;
    for (int from = 0; from < array.length(); from += PIECE) {
      double[] times = array.copy(from, (int) Math.min(array.length(), (long) from + PIECE));
      for (int k = 0; k < times.length; k++) {
        int i = from + k;
        if (!Double.isFinite(times[k])) {
          firstOdd = odd++ == 0 ? i : firstOdd;
        } else if (times[k] < last) {
          firstBack = back++ == 0 ? i : firstBack;
        } else if (times[k] == last) {
          firstSame = same++ == 0 ? i : firstSame;
        }
        last = times[k];
      }
    }
    if (odd > 0) {
      report(
          needed,
          file,
          "values",
          odd + " NaN or infinite, the first at index " + firstOdd,
          "finite times");
    }
    if (back > 0) {
      String found =
          back
              + " steps back, the first at index "
              + firstBack
              + ": "
              + array.get(firstBack - 1)
              + " to "
              + array.get(firstBack);
      report(needed, file, "values", found, "ascending times");
    }
    if (same > 0) {
      String found = same + " repeated times, the first at index " + firstSame;
      if (use == Times.ROWS) {
        problems.error(file, "values", found, "strictly ascending times", null);
      } else {
        problems.warning(file, "values", found, "ascending times", null);
      }
    }
    return array;
  }

  /**
   * Reports what cannot be a statistic, or a phase shift.
   *
   * @param name means, stds, or empty for phase shifts
   */
  public void values(Path file, double[] values, String name) {
    Path folder = file.getParent().getParent();
    String stem = file.getFileName().toString().replace(".npy", "");
    StoredZeros.ofStatistics(folder, stem, values, problems);
    List<Integer> odd = new ArrayList<>();
    List<Integer> zero = new ArrayList<>();
    List<Integer> negative = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        odd.add(i);
      } else if (values[i] == 0) {
        zero.add(i);
      } else if (values[i] < 0) {
        negative.add(i);
      }
    }
    if (!odd.isEmpty()) {
      if (name.isEmpty()) {
        problems.error(file, "values", "NaN or infinite at " + some(odd), "finite numbers", null);
      } else {
        problems.warning(
            file,
            "values",
            "NaN or infinite at " + some(odd),
            "finite numbers",
            "normalised values become NaN");
      }
    }
    if (name.equals("stds") && !zero.isEmpty()) {
      problems.warning(
          file,
          "values",
          "0 at " + some(zero),
          "positive numbers",
          whatBecomesOfZeros(file, values));
    }
    if (name.equals("stds") && !negative.isEmpty()) {
      problems.warning(
          file,
          "values",
          "negative at " + some(negative),
          "positive numbers",
          isOfResponses(file)
              ? whatBecomesOfZeros(file, values)
              : "values normalised with them change their sign");
    }
  }

  /** Runs a check of a file that is read only where a configuration asks for it. */
  public void optional(Runnable check) {
    try {
      check.run();
    } catch (RecordingException e) {
      problems.warning(
          Path.of(e.file()),
          e.key(),
          e.found(),
          e.expected(),
          "what a configuration needs it for is refused");
    }
  }

  /** Checks {@code meta/unit_ids.npy} of a device with so many signals, where it is there. */
  public void unitIds(Path folder, int signals) {
    Path file = Statistics.file(folder, "unit_ids");
    if (!isThere(file)) {
      return;
    }
    optional(
        () -> {
          Set<Long> seen = new HashSet<>();
          List<Long> twice = new ArrayList<>();
          for (long id : Statistics.unitIds(folder, signals)) {
            if (!seen.add(id)) {
              twice.add(id);
            }
          }
          if (!twice.isEmpty()) {
            problems.warning(file, "values", "repeated ids " + some(twice), "one id each", null);
          }
        });
  }

  private static boolean isOfResponses(Path stds) {
    Path device = stds.toAbsolutePath().getParent().getParent().getFileName();
    return String.valueOf(device).equals("responses");
  }

  private static String whatBecomesOfZeros(Path stds, double[] values) {
    return isOfResponses(stds) && PairwiseSum.nanMean(values) > 0
        ? "a normalization raises them to a hundredth of the mean, interpolation.normalize refuses them"
            + " unless normalize_std_threshold is set"
        : "normalising with them is refused, but for interpolation.normalize with a"
            + " normalize_std_threshold";
  }

  /** Adds an error, or a warning where the file is not needed. */
  public void report(boolean needed, Path file, String key, String found, String expected) {
    if (needed) {
      problems.error(file, key, found, expected, null);
    } else {
      problems.warning(file, key, found, expected, "the file is not needed");
    }
  }

  /** Lists the first few items. */
  public static String some(List<?> items) {
    int shown = Math.min(items.size(), 8);
    String text = String.join(", ", items.subList(0, shown).stream().map(String::valueOf).toList());
    return items.size() > shown ? text + " and " + (items.size() - shown) + " more" : text;
  }

  /** Returns a shape as NumPy prints it. */
  public static String shapeText(long[] shape) {
    return Arrays.toString(shape).replace('[', '(').replace("]", shape.length == 1 ? ",)" : ")");
  }
}
