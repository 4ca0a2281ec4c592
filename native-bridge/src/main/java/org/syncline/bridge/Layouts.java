/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/**
 * The structs of syncline.h and of of the private headers. A test compiles a C program that prints
 * sizes and offsets and compares them with these.
 */
final class Layouts {
  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct { uint32_t major; uint32_t minor; } DLPackVersion;
   * }
   */
  static final StructLayout DLPACK_VERSION =
      MemoryLayout.structLayout(JAVA_INT.withName("major"), JAVA_INT.withName("minor"))
          .withName("DLPackVersion");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct { DLDeviceType device_type; int32_t device_id; } DLDevice;
   * }
   */
  static final StructLayout DL_DEVICE =
      MemoryLayout.structLayout(JAVA_INT.withName("device_type"), JAVA_INT.withName("device_id"))
          .withName("DLDevice");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct { uint8_t code; uint8_t bits; uint16_t lanes; } DLDataType;
   * }
   */
  static final StructLayout DL_DATA_TYPE =
      MemoryLayout.structLayout(
              JAVA_BYTE.withName("code"), JAVA_BYTE.withName("bits"), JAVA_SHORT.withName("lanes"))
          .withName("DLDataType");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct {
   *   void *data; DLDevice device; int32_t ndim; DLDataType dtype;
   *   int64_t *shape; int64_t *strides; uint64_t byte_offset;
   * } DLTensor;
   * }
   */
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

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct DLManagedTensor {
   *   DLTensor dl_tensor; void *manager_ctx; void (*deleter)(struct DLManagedTensor *self);
   * } DLManagedTensor;
   * }
   */
  static final StructLayout DL_MANAGED_TENSOR =
      MemoryLayout.structLayout(
              DL_TENSOR.withName("dl_tensor"),
              ADDRESS.withName("manager_ctx"),
              ADDRESS.withName("deleter"))
          .withName("DLManagedTensor");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct DLManagedTensorVersioned {
   *   DLPackVersion version; void *manager_ctx; void (*deleter)(struct DLManagedTensorVersioned *self);
   *   uint64_t flags; DLTensor dl_tensor;
   * } DLManagedTensorVersioned;
   * }
   */
  static final StructLayout DL_MANAGED_TENSOR_VERSIONED =
      MemoryLayout.structLayout(
              DLPACK_VERSION.withName("version"),
              ADDRESS.withName("manager_ctx"),
              ADDRESS.withName("deleter"),
              JAVA_LONG.withName("flags"),
              DL_TENSOR.withName("dl_tensor"))
          .withName("DLManagedTensorVersioned");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct {
   *   int64_t index, epoch; int32_t count, rows, session, reserved;
   * } syncline_batch_info;
   * }
   */
  static final StructLayout BATCH_INFO =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("index"),
              JAVA_LONG.withName("epoch"),
              JAVA_INT.withName("count"),
              JAVA_INT.withName("rows"),
              JAVA_INT.withName("session"),
              JAVA_INT.withName("reserved"))
          .withName("syncline_batch_info");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct { int32_t code; int32_t warnings; char type[120]; char message[8064]; } syncline_error;
   * }
   */
  static final StructLayout ERROR =
      MemoryLayout.structLayout(
              JAVA_INT.withName("code"),
              JAVA_INT.withName("warnings"),
              MemoryLayout.sequenceLayout(120, JAVA_BYTE).withName("type"),
              MemoryLayout.sequenceLayout(8064, JAVA_BYTE).withName("message"))
          .withName("syncline_error");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct { int64_t data, code, bits, ndim, shape[SYNCLINE_MAX_DIMS]; } syncline_tensor_view;
   * }
   */
  static final StructLayout TENSOR_VIEW =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("data"),
              JAVA_LONG.withName("code"),
              JAVA_LONG.withName("bits"),
              JAVA_LONG.withName("ndim"),
              MemoryLayout.sequenceLayout(Export.MAX_DIMS, JAVA_LONG).withName("shape"))
          .withName("syncline_tensor_view");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct {
   *   int64_t token, index, epoch, rows, session, count; syncline_tensor_view tensors[];
   * } syncline_view;
   * }
   */
  static final StructLayout VIEW =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("token"),
              JAVA_LONG.withName("index"),
              JAVA_LONG.withName("epoch"),
              JAVA_LONG.withName("rows"),
              JAVA_LONG.withName("session"),
              JAVA_LONG.withName("count"))
          .withName("syncline_view");

  /**
   *
   *
   * {@snippet lang=c :
   * typedef struct {
   *   int64_t abi_version, count; syncline_function *table; const char *names;
   *   void (*memory)(void *, uint64_t, int32_t); int32_t (*pin)(void *, uint64_t, syncline_error *);
   *   int32_t (*unpin)(void *); void (*quiesce)(void); int32_t *finished;
   * } syncline_host;
   * }
   */
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

  private Layouts() {}

  /** Returns the byte offset of a member. */
  static long offset(StructLayout struct, String member) {
    return struct.byteOffset(PathElement.groupElement(member));
  }
}
