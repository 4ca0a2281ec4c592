/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.syncline.start.Funnel;

/**
 * Why a dataset has as many chunks as it has: what each step from the sample grid to the chunks
 * leaves over, and names in conditions that match nothing. Immutable.
 *
 * @param steps in the order in which they are taken: {@code grid_points} (of the lead device),
 *     {@code valid_range} (where all devices have values), {@code valid_condition}, one {@code
 *     DEVICE.filters.NAME} for each filter, {@code whole_chunks} (from here on chunks are counted,
 *     not points), {@code within_trial} where the configuration asks for that, one {@code
 *     DEVICE.filters.NAME} for each filter that judges whole chunks, one {@code DEVICE.max_gap} for
 *     each device whose gaps are limited, {@code short_chunks}, {@code sample_stride}, {@code
 *     chunks}; unmodifiable
 * @param advice what the warnings at opening said of conditions and filters that match nothing;
 *     unmodifiable
 */
public record Explanation(List<Step> steps, List<String> advice) {
  /**
   * What one step leaves over.
   *
   * @param name see {@link Explanation#steps}
   * @param left how many points, or chunks
   * @param note what decided it; may be empty
   */
  public record Step(String name, long left, String note) {
    /** Refuses null. */
    public Step {
      Objects.requireNonNull(name, "name is null");
      Objects.requireNonNull(note, "note is null");
    }
  }

  /** Copies the lists. */
  public Explanation {
    steps = List.copyOf(Objects.requireNonNull(steps, "steps is null"));
    advice = List.copyOf(Objects.requireNonNull(advice, "advice is null"));
  }

  static Explanation of(Funnel funnel, int chunks) {
    List<Step> steps = new ArrayList<>();
    funnel.steps().forEach(s -> steps.add(new Step(s.name(), s.left(), s.note())));
    steps.add(new Step("chunks", chunks, ""));
    return new Explanation(steps, funnel.advice());
  }

  /**
   * Returns counts, the note of the first step that leaves nothing, and the advice, in one line.
   */
  public String summary() {
    return advice.isEmpty() ? counts() : counts() + "; " + String.join("; ", advice);
  }

  String counts() {
    StringBuilder text = new StringBuilder();
    Step empty = null;
    for (Step step : steps) {
      text.append(text.isEmpty() ? "" : ", ").append(step.name).append(' ').append(step.left);
      if (step.left == 0) {
        empty = step;
        break;
      }
    }
    if (empty != null && !empty.note.isEmpty()) {
      text.append(" (").append(empty.note).append(')');
    }
    return text.toString();
  }

  /** Returns a table of the steps, and the advice below it; lines end with {@code \n}. */
  @Override
  public String toString() {
    int width = 0;
    for (Step step : steps) {
      width = Math.max(width, step.name.length());
    }
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      String line =
          String.format(Locale.ROOT, "%-" + width + "s %10d  %s", step.name, step.left, step.note);
      text.append(line.stripTrailing()).append('\n');
    }
    advice.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
