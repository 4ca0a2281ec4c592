/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Generated from the headers in src/main/c by dev/GenerateLayouts.java. Do not edit.
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.List;

/** The structs that C and Java share, and DLPack's codes of the kinds of numbers. */
final class Layouts {
  static final int DL_INT = 0;
  static final int DL_UINT = 1;
  static final int DL_FLOAT = 2;
  static final int DL_BFLOAT = 4;
  static final int DL_COMPLEX = 5;
  static final int DL_BOOL = 6;

  /** {@code DLPackVersion} of syncline.h. */
  static final StructLayout DLPACK_VERSION =
      MemoryLayout.structLayout(JAVA_INT.withName("major"), JAVA_INT.withName("minor"))
          .withName("DLPackVersion");

  /** {@code DLDevice} of syncline.h. */
  static final StructLayout DL_DEVICE =
      MemoryLayout.structLayout(JAVA_INT.withName("device_type"), JAVA_INT.withName("device_id"))
          .withName("DLDevice");

  /** {@code DLDataType} of syncline.h. */
  static final StructLayout DL_DATA_TYPE =
      MemoryLayout.structLayout(
              JAVA_BYTE.withName("code"), JAVA_BYTE.withName("bits"), JAVA_SHORT.withName("lanes"))
          .withName("DLDataType");

  /** {@code DLTensor} of syncline.h. */
  static final StructLayout DL_TENSOR =
      MemoryLayout.structLayout(
              ADDRESS.withName("data"),
              DL_DEVICE.withName("device"),
              JAVA_INT.withName("ndim"),
              DL_DATA_TYPE.withName("dtype"),
              ADDRESS.withName("shape"),
              ADDRESS.withName("strides"),
              JAVA_LONG.withName("byte_offset"))
          .withName("DLTensor");

  /** {@code DLManagedTensor} of syncline.h. */
  static final StructLayout DL_MANAGED_TENSOR =
      MemoryLayout.structLayout(
              DL_TENSOR.withName("dl_tensor"),
              ADDRESS.withName("manager_ctx"),
              ADDRESS.withName("deleter"))
          .withName("DLManagedTensor");

  /** {@code DLManagedTensorVersioned} of syncline.h. */
  static final StructLayout DL_MANAGED_TENSOR_VERSIONED =
      MemoryLayout.structLayout(
              DLPACK_VERSION.withName("version"),
              ADDRESS.withName("manager_ctx"),
              ADDRESS.withName("deleter"),
              JAVA_LONG.withName("flags"),
              DL_TENSOR.withName("dl_tensor"))
          .withName("DLManagedTensorVersioned");

  /** {@code syncline_batch_info} of syncline.h. */
  static final StructLayout BATCH_INFO =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("index"),
              JAVA_LONG.withName("epoch"),
              JAVA_INT.withName("count"),
              JAVA_INT.withName("rows"),
              JAVA_INT.withName("session"),
              JAVA_INT.withName("reserved"))
          .withName("syncline_batch_info");

  /** {@code syncline_error} of error.h. */
  static final StructLayout ERROR =
      MemoryLayout.structLayout(
              JAVA_INT.withName("code"),
              JAVA_INT.withName("warnings"),
              MemoryLayout.sequenceLayout(120, JAVA_BYTE).withName("type"),
              MemoryLayout.sequenceLayout(8064, JAVA_BYTE).withName("message"))
          .withName("syncline_error");

  /** {@code syncline_tensor_view} of tensors.h. */
  static final StructLayout TENSOR_VIEW =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("data"),
              JAVA_LONG.withName("code"),
              JAVA_LONG.withName("bits"),
              JAVA_LONG.withName("ndim"),
              MemoryLayout.sequenceLayout(8, JAVA_LONG).withName("shape"))
          .withName("syncline_tensor_view");

  /** {@code syncline_view} of tensors.h. */
  static final StructLayout VIEW =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("token"),
              JAVA_LONG.withName("index"),
              JAVA_LONG.withName("epoch"),
              JAVA_LONG.withName("rows"),
              JAVA_LONG.withName("session"),
              JAVA_LONG.withName("count"))
          .withName("syncline_view");

  /** {@code syncline_host} of table.h. */
  static final StructLayout HOST =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("abi_version"),
              JAVA_LONG.withName("count"),
              ADDRESS.withName("table"),
              ADDRESS.withName("names"),
              ADDRESS.withName("memory"),
              ADDRESS.withName("pin"),
              ADDRESS.withName("unpin"),
              ADDRESS.withName("quiesce"),
              ADDRESS.withName("finished"))
          .withName("syncline_host");

  /** All of them. */
  static final List<StructLayout> ALL =
      List.of(
          DLPACK_VERSION,
          DL_DEVICE,
          DL_DATA_TYPE,
          DL_TENSOR,
          DL_MANAGED_TENSOR,
          DL_MANAGED_TENSOR_VERSIONED,
          BATCH_INFO,
          ERROR,
          TENSOR_VIEW,
          VIEW,
          HOST);

  private Layouts() {}

  /** Returns the byte offset of a member. */
  static long offset(StructLayout struct, String member) {
    return struct.byteOffset(PathElement.groupElement(member));
  }
}
