/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Generated from native-bridge/src/main/c/syncline.h by dev/GenerateAbi.java. Do not edit.
 *
 * The functions that Java answers, in the order of its table; Java refuses to start when its names differ.
 */
#ifndef SYNCLINE_EXPORTS_H_
#define SYNCLINE_EXPORTS_H_

enum syncline_export {
  EXPORT_runtime_info,
  EXPORT_take_warnings,
  EXPORT_release,
  EXPORT_shutdown,
  EXPORT_document_read,
  EXPORT_document_parse,
  EXPORT_data_key,
  EXPORT_config_for,
  EXPORT_is_registered,
  EXPORT_import_file,
  EXPORT_interpolator_open,
  EXPORT_interpolator_info,
  EXPORT_interpolator_trials,
  EXPORT_interpolator_interpolate,
  EXPORT_experiment_open,
  EXPORT_experiment_info,
  EXPORT_experiment_interpolate,
  EXPORT_dataset_open,
  EXPORT_dataset_info,
  EXPORT_dataset_statistics,
  EXPORT_dataset_byte_screens,
  EXPORT_dataset_explain,
  EXPORT_dataset_categories,
  EXPORT_dataset_length,
  EXPORT_dataset_start_times,
  EXPORT_dataset_item,
  EXPORT_dataset_item_at,
  EXPORT_dataset_read,
  EXPORT_dataset_chunk_times,
  EXPORT_dataset_full_valid_sample_times,
  EXPORT_dataset_condition_mask,
  EXPORT_dataset_sample_mask,
  EXPORT_dataset_valid_intervals,
  EXPORT_dataset_interval_statistics,
  EXPORT_dataset_shuffle,
  EXPORT_dataset_state,
  EXPORT_dataset_restore,
  EXPORT_writer_open,
  EXPORT_writer_device,
  EXPORT_writer_append,
  EXPORT_writer_finish,
  EXPORT_statistics,
  EXPORT_transforms_open,
  EXPORT_transforms_apply,
  EXPORT_loader_open,
  EXPORT_loader_info,
  EXPORT_loader_session,
  EXPORT_loader_length,
  EXPORT_loader_next,
  EXPORT_loader_feed,
  EXPORT_loader_begin_epoch,
  EXPORT_loader_state,
  EXPORT_loader_restore,
  EXPORT_loader_statistics,
  EXPORT_returned,
  EXPORT_COUNT
};

#define SYNCLINE_EXPORT_NAMES \
  "runtime_info," \
  "take_warnings," \
  "release," \
  "shutdown," \
  "document_read," \
  "document_parse," \
  "data_key," \
  "config_for," \
  "is_registered," \
  "import_file," \
  "interpolator_open," \
  "interpolator_info," \
  "interpolator_trials," \
  "interpolator_interpolate," \
  "experiment_open," \
  "experiment_info," \
  "experiment_interpolate," \
  "dataset_open," \
  "dataset_info," \
  "dataset_statistics," \
  "dataset_byte_screens," \
  "dataset_explain," \
  "dataset_categories," \
  "dataset_length," \
  "dataset_start_times," \
  "dataset_item," \
  "dataset_item_at," \
  "dataset_read," \
  "dataset_chunk_times," \
  "dataset_full_valid_sample_times," \
  "dataset_condition_mask," \
  "dataset_sample_mask," \
  "dataset_valid_intervals," \
  "dataset_interval_statistics," \
  "dataset_shuffle," \
  "dataset_state," \
  "dataset_restore," \
  "writer_open," \
  "writer_device," \
  "writer_append," \
  "writer_finish," \
  "statistics," \
  "transforms_open," \
  "transforms_apply," \
  "loader_open," \
  "loader_info," \
  "loader_session," \
  "loader_length," \
  "loader_next," \
  "loader_feed," \
  "loader_begin_epoch," \
  "loader_state," \
  "loader_restore," \
  "loader_statistics," \
  "returned,"

#endif
