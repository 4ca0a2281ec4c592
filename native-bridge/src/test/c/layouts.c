/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Generated from the headers in src/main/c by dev/GenerateLayouts.java. Do not edit.
 *
 * Prints size and offsets of every struct that C and Java share.
 */
#include <stdio.h>

#include "syncline.h"
#include "error.h"
#include "tensors.h"
#include "table.h"

#define S(type) printf(#type " size %zu\n", sizeof(type))
#define M(type, member) printf(#type " " #member " %zu\n", offsetof(type, member))

int main(void) {
  S(DLPackVersion);
  M(DLPackVersion, major);
  M(DLPackVersion, minor);
  S(DLDevice);
  M(DLDevice, device_type);
  M(DLDevice, device_id);
  S(DLDataType);
  M(DLDataType, code);
  M(DLDataType, bits);
  M(DLDataType, lanes);
  S(DLTensor);
  M(DLTensor, data);
  M(DLTensor, device);
  M(DLTensor, ndim);
  M(DLTensor, dtype);
  M(DLTensor, shape);
  M(DLTensor, strides);
  M(DLTensor, byte_offset);
  S(DLManagedTensor);
  M(DLManagedTensor, dl_tensor);
  M(DLManagedTensor, manager_ctx);
  M(DLManagedTensor, deleter);
  S(DLManagedTensorVersioned);
  M(DLManagedTensorVersioned, version);
  M(DLManagedTensorVersioned, manager_ctx);
  M(DLManagedTensorVersioned, deleter);
  M(DLManagedTensorVersioned, flags);
  M(DLManagedTensorVersioned, dl_tensor);
  S(syncline_batch_info);
  M(syncline_batch_info, index);
  M(syncline_batch_info, epoch);
  M(syncline_batch_info, count);
  M(syncline_batch_info, rows);
  M(syncline_batch_info, session);
  M(syncline_batch_info, reserved);
  S(syncline_error);
  M(syncline_error, code);
  M(syncline_error, warnings);
  M(syncline_error, type);
  M(syncline_error, message);
  S(syncline_tensor_view);
  M(syncline_tensor_view, data);
  M(syncline_tensor_view, code);
  M(syncline_tensor_view, bits);
  M(syncline_tensor_view, ndim);
  M(syncline_tensor_view, shape);
  S(syncline_view);
  M(syncline_view, token);
  M(syncline_view, index);
  M(syncline_view, epoch);
  M(syncline_view, rows);
  M(syncline_view, session);
  M(syncline_view, count);
  S(syncline_host);
  M(syncline_host, abi_version);
  M(syncline_host, count);
  M(syncline_host, table);
  M(syncline_host, names);
  M(syncline_host, memory);
  M(syncline_host, pin);
  M(syncline_host, unpin);
  M(syncline_host, quiesce);
  M(syncline_host, finished);
  return 0;
}
