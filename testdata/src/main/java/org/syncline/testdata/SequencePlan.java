/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

/**
 * How a generated sequence looks. Withers return changed copies.
 *
 * @param name folder of the device
 * @param rate Hz
 * @param signals columns
 * @param descr element type and byte order, for instance {@code <f4}
 * @param memoryMapped data.mem, else data.npy
 * @param fortran data.npy in Fortran order
 * @param startOffset seconds from the recording's start to the first sample
 * @param endOffset seconds from the recording's end to the last sample, about
 * @param nanStretches number of stretches of NaN, only for floats
 * @param phaseShifts whether each signal has its own shift
 * @param statistics 0: none; 1: shape (n,); 2: (1,n); 3: (n,1)
 * @param sparse zeros without disk blocks
 * @param irregular gaps between samples vary, and timestamps.npy says where they lie
 */
public record SequencePlan(
    String name,
    double rate,
    int signals,
    String descr,
    boolean memoryMapped,
    boolean fortran,
    double startOffset,
    double endOffset,
    int nanStretches,
    boolean phaseShifts,
    int statistics,
    boolean sparse,
    boolean irregular) {

  /** Returns a plan of float64 in data.npy, without NaN, with statistics of shape (1,n). */
  public static SequencePlan of(String name, double rate, int signals) {
    return new SequencePlan(
        name, rate, signals, "<f8", false, false, 0, 0, 0, false, 2, false, false);
  }

  /** Changes the number of signals. */
  public SequencePlan signals(int n) {
    return new SequencePlan(
        name,
        rate,
        n,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Changes the rate in Hz. */
  public SequencePlan rate(double hertz) {
    return new SequencePlan(
        name,
        hertz,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Changes element type and byte order. */
  public SequencePlan descr(String text) {
    return new SequencePlan(
        name,
        rate,
        signals,
        text,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Chooses data.mem. */
  public SequencePlan mem() {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        true,
        false,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Chooses data.npy in C order or in Fortran order. */
  public SequencePlan npy(boolean fortranOrder) {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        false,
        fortranOrder,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Moves first and last sample, in seconds from the recording's start and end. */
  public SequencePlan offsets(double start, double end) {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        start,
        end,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Changes the number of stretches of NaN. */
  public SequencePlan nans(int stretches) {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        stretches,
        phaseShifts,
        statistics,
        sparse,
        irregular);
  }

  /** Gives each signal its own shift. */
  public SequencePlan shifted() {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        true,
        statistics,
        sparse,
        irregular);
  }

  /** Chooses the shape of the statistics: 0 none, 1 (n,), 2 (1,n), 3 (n,1). */
  public SequencePlan statistics(int shape) {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        shape,
        sparse,
        irregular);
  }

  /** Chooses zeros without disk blocks. */
  public SequencePlan withoutBlocks() {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        true,
        irregular);
  }

  /** Gives it a clock of its own. */
  public SequencePlan ownClock() {
    return new SequencePlan(
        name,
        rate,
        signals,
        descr,
        memoryMapped,
        fortran,
        startOffset,
        endOffset,
        nanStretches,
        phaseShifts,
        statistics,
        sparse,
        true);
  }
}
