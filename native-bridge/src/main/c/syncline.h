/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * syncline.h - synchronised chunks of neuroscience recordings for C and everything that can call C.
 *
 *     syncline_handle dataset, loader;
 *     if (syncline_dataset_open("recording", NULL, NULL, &dataset)) die(syncline_last_error());
 *     if (syncline_loader_open(&dataset, 1, "{\"batch_size\": 16, \"shuffle\": true}", &loader)) ...
 *     while (syncline_loader_next(loader, -1, tensors, 16, &info) == SYNCLINE_OK) { use; delete; }
 *
 * Link with libsyncline. It finds a Java runtime of version 25 or newer (SYNCLINE_JAVA_HOME, a runtime packed beside
 * the library, JAVA_HOME, PATH, the usual places), starts it once in the process at the first call that needs it, and
 * hides it. Environment:
 *     SYNCLINE_JAVA_HOME     the runtime to use
 *     SYNCLINE_JAVA_OPTIONS  options added after ours, separated by blanks (ours: -Xmx512m -XX:+UseSerialGC -Xrs ...)
 *     SYNCLINE_CLASSPATH     jars to use in place of those beside the library
 *     SYNCLINE_AOT_CACHE     a file of prepared classes, for a faster start: the first process writes it as it ends
 *
 * Rules that hold for every function:
 *  - It returns SYNCLINE_OK (0), a positive status that is no error (SYNCLINE_TIMEOUT, SYNCLINE_END) or a negative
 *    error; then syncline_last_error() says what happened, on the same thread, until that thread's next call.
 *    Out parameters are written only with SYNCLINE_OK, unless the function says otherwise.
 *  - Any thread may call it; calls on one handle from several threads are safe. A thread needs 1 MiB of stack.
 *  - In a child of fork() it returns SYNCLINE_E_FORKED once the parent had started the runtime: a forked child has no
 *    Java threads. Use posix_spawn, or Python's spawn and forkserver.
 *  - Strings are UTF-8 and end with NUL. Strings that come back (char **) belong to the caller: syncline_free().
 *  - Tensors that come back belong to the caller, one by one: syncline_tensor_delete(t), or hand them to a DLPack
 *    consumer. Data are writable, in native byte order, C order, aligned to at least 64 bytes and never a file map;
 *    strides are always written; an empty tensor has data NULL. They stay valid after the dataset or loader they came
 *    from is released, on any thread, until deleted. Deleting never calls Java and never blocks.
 *  - Times are seconds, float64. Keys in JSON are those of the configuration files.
 */
#ifndef SYNCLINE_H_
#define SYNCLINE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- DLPack 1.1; include <dlpack/dlpack.h> before this file to use that one ---------------------------------- */
#ifndef DLPACK_DLPACK_H_
#define DLPACK_DLPACK_H_
#define DLPACK_MAJOR_VERSION 1
#define DLPACK_MINOR_VERSION 1
#define DLPACK_FLAG_BITMASK_READ_ONLY (1UL << 0UL)
#define DLPACK_FLAG_BITMASK_IS_COPIED (1UL << 1UL)

typedef struct {
  uint32_t major;
  uint32_t minor;
} DLPackVersion;

enum { kDLCPU = 1, kDLCUDA = 2, kDLCUDAHost = 3 };
typedef int32_t DLDeviceType;

typedef struct {
  DLDeviceType device_type;
  int32_t device_id;
} DLDevice;

typedef enum { kDLInt = 0U, kDLUInt = 1U, kDLFloat = 2U, kDLBfloat = 4U, kDLComplex = 5U, kDLBool = 6U } DLDataTypeCode;

typedef struct {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} DLDataType;

typedef struct {
  void *data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t *shape;
  int64_t *strides; /* in elements */
  uint64_t byte_offset;
} DLTensor;

typedef struct DLManagedTensor {
  DLTensor dl_tensor;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;

typedef struct DLManagedTensorVersioned {
  DLPackVersion version;
  void *manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned *self);
  uint64_t flags;
  DLTensor dl_tensor;
} DLManagedTensorVersioned;
#endif /* DLPACK_DLPACK_H_ */

#if defined(_WIN32)
#define SYNCLINE_API
#else
#define SYNCLINE_API __attribute__((visibility("default")))
#endif
/* Of functions that Java answers: dev/GenerateAbi.java makes the table, its Java side and Python's bindings of these. */
#define SYNCLINE_JAVA SYNCLINE_API

/* Raised when a function or struct below changes so that a program compiled against the older header breaks. */
#define SYNCLINE_ABI_VERSION 1

/* Most entries a batch or chunk can have; an array of this many pointers is always large enough. */
#define SYNCLINE_MAX_TENSORS 256
#define SYNCLINE_MAX_DIMS 8

typedef int32_t syncline_status;
enum {
  SYNCLINE_OK = 0,
  SYNCLINE_TIMEOUT = 1, /* nothing came in the time given: call again */
  SYNCLINE_END = 2,     /* the epoch is over: the next call begins the next one */

  SYNCLINE_E_INTERNAL = -1,     /* a fault of this library */
  SYNCLINE_E_ARGUMENT = -2,     /* an argument has a value that it may not have */
  SYNCLINE_E_INDEX = -3,        /* an index outside its range */
  SYNCLINE_E_KEY = -4,          /* a device or entry of that name does not exist */
  SYNCLINE_E_CONFIG = -5,       /* a configuration says something that cannot be */
  SYNCLINE_E_RECORDING = -6,    /* a file of the recording is broken or contradicts another */
  SYNCLINE_E_NOT_FOUND = -7,    /* a file or folder does not exist */
  SYNCLINE_E_CLOSED = -8,       /* used after release */
  SYNCLINE_E_HANDLE = -9,       /* no handle, a released one, or one of another kind */
  SYNCLINE_E_UNSUPPORTED = -10, /* an interpolation mode or transform that does not exist */
  SYNCLINE_E_MEMORY = -11,      /* out of memory, or the limit on batches held is reached */
  SYNCLINE_E_STATE = -12,       /* a state of another dataset, configuration or format version */
  SYNCLINE_E_FORKED = -13,      /* called in a child of fork() */
  SYNCLINE_E_NO_JAVA = -14,     /* no Java runtime of version 25 or newer; the message lists what was tried */
  SYNCLINE_E_JAVA_START = -15,  /* the runtime did not start */
  SYNCLINE_E_CUDA = -16,        /* no CUDA driver, or it refused */
  SYNCLINE_E_CAPACITY = -17,    /* the array given is too small; the tensors stay: call again with a larger one */
  SYNCLINE_E_PERMISSION = -18   /* permission to read a file or folder of the recording lacks */
};

/* An opaque reference to an experiment, interpolator, dataset, loader or transform list; 0 is never one. */
typedef uint64_t syncline_handle;

/* What came with a chunk or batch. */
typedef struct {
  int64_t index;   /* batches: number within the epoch, from 0; chunks: index in the dataset, or -1 */
  int64_t epoch;   /* batches: epoch from 0 */
  int32_t count;   /* tensors written; with SYNCLINE_E_CAPACITY: tensors needed */
  int32_t rows;    /* batches: samples in the first axis; chunks: 0, for they have no batch axis */
  int32_t session; /* index in the loader's list of sessions; 0 for a single dataset */
  int32_t reserved;
} syncline_batch_info;

/* ---- library -------------------------------------------------------------------------------------------------- */

/* Version of the library, for instance "0.1.0". Starts nothing. */
SYNCLINE_API const char *syncline_version(void);
/* SYNCLINE_ABI_VERSION of the library. Starts nothing. */
SYNCLINE_API int32_t syncline_abi_version(void);
/* Starts the Java runtime now, where the first call would. Any number of times. */
SYNCLINE_API syncline_status syncline_start(void);
/* Whether the runtime runs in this process (1), does not yet (0), or runs in the parent of this forked one (-1). */
SYNCLINE_API int32_t syncline_started(void);
/* JSON: java_home, java_version, kernels, vector_bits, start_ms, attached, handles, exports. */
SYNCLINE_JAVA syncline_status syncline_runtime_info(char **json);

/* The last error of this thread: message, status, Java exception class ("" where it came from C). Never NULL. */
SYNCLINE_API const char *syncline_last_error(void);
SYNCLINE_API syncline_status syncline_last_error_code(void);
SYNCLINE_API const char *syncline_last_error_type(void);
/* Whether warnings wait to be taken. Cheap. */
SYNCLINE_API int32_t syncline_has_warnings(void);
/* Takes them: JSON list of {"level", "logger", "message"}, oldest first. */
SYNCLINE_JAVA syncline_status syncline_take_warnings(char **json);

/* Frees a string that came from this library; NULL is fine. */
SYNCLINE_API void syncline_free(void *text);
/* Closes what the handle refers to. Tensors made from it stay valid. Closing twice is SYNCLINE_E_HANDLE. */
SYNCLINE_JAVA syncline_status syncline_release(syncline_handle handle);
/* Closes everything that is open and refuses calls from then on; for the end of the process. Never fails. */
SYNCLINE_JAVA void syncline_shutdown(void);

/*
 * Puts Java's handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL back in front where another library (Python's faulthandler)
 * has replaced them since the start, and calls that library's for signals that are not Java's. Java uses these signals
 * in ordinary work. Every call does this for SIGSEGV; for use right after installing handlers. Does nothing before start.
 */
SYNCLINE_API void syncline_restore_signals(void);

/* ---- tensors -------------------------------------------------------------------------------------------------- */

/* Calls the tensor's deleter; NULL is fine. */
SYNCLINE_API void syncline_tensor_delete(DLManagedTensorVersioned *tensor);
/* A further tensor over the same memory, deleted on its own; NULL when memory ran out. */
SYNCLINE_API DLManagedTensorVersioned *syncline_tensor_share(const DLManagedTensorVersioned *tensor);
/* Same, for consumers of the older struct. */
SYNCLINE_API DLManagedTensor *syncline_tensor_share_legacy(const DLManagedTensorVersioned *tensor);

/*
 * A tensor with a copy of the values in memory of its own, aligned to 64 bytes; NULL when memory ran out. Its flags have
 * DLPACK_FLAG_BITMASK_IS_COPIED.
 */
SYNCLINE_API DLManagedTensorVersioned *syncline_tensor_copy(const DLManagedTensorVersioned *tensor);

/* ---- documents ------------------------------------------------------------------------------------------------ */

/* A YAML or JSON file (meta.yml, a configuration) as JSON. */
SYNCLINE_JAVA syncline_status syncline_document_read(const char *path, char **json);
/* Same for a text; name is used in error messages. */
SYNCLINE_JAVA syncline_status syncline_document_parse(const char *text, const char *name, char **json);
/* The name of a recording: meta.json, or its folder. */
SYNCLINE_JAVA syncline_status syncline_data_key(const char *root, char **key);
/* A configuration that streams every device of a recording at its own rate, in chunks of two seconds that follow each
   other, as JSON for syncline_dataset_open: the keys that differ from their defaults. Its folder is only looked at. */
SYNCLINE_JAVA syncline_status syncline_config_for(const char *root, char **json);
/* 1 where a configuration's _target_ may be that name, else 0: the library's own filters and screen transforms, with or
   without the module that they have in Python, and those registered in jars. kind: "filter" or "transform". */
SYNCLINE_JAVA syncline_status syncline_is_registered(const char *kind, const char *name, int64_t *registered);
/*
 * Makes a recording of a file of another format ("nwb"), which an importer in the jars knows. request: JSON {"file",
 * "to": folder that gets the recording, or null to list what is in the file, "only": [devices], "names": {device: name},
 * "labels": {device: column}, "rates": {device: Hz}, "repairs": [names], "dtype", "tolerance", "threads", "replace"}, all
 * but file with defaults. report: JSON, what was written and what was left out, or the list. Writes beside its place and
 * renames: a recording that is there is whole.
 */
SYNCLINE_JAVA syncline_status syncline_import_file(const char *format, const char *request, char **report);

/* ---- interpolators and experiments ---------------------------------------------------------------------------- */

/*
 * Opens one device's folder. options: NULL or JSON {"cache_data": false, ...keys of `interpolation` in a configuration
 * (interpolation_mode, keep_nans, normalize, rescale, rescale_size, interpolation_window, ...), or these in a map
 * "interpolation"}; further keys of a modality (sampling_rate, offset, ...) are ignored; any other key is SYNCLINE_E_CONFIG with the nearest known one.
 */
SYNCLINE_JAVA syncline_status syncline_interpolator_open(const char *folder, const char *options,
                                                         syncline_handle *interpolator);
/*
 * JSON: class, folder, modality, start_time, end_time, valid_interval [s, e], dtype, shape (of one time's values),
 * interpolation_mode, columns (indices, where some are selected); of sequences n_signals, sampling_rate (null:
 * timestamps), phase_shift_per_signal; of spikes n_signals, spikes_file; of labelled intervals labels; of screens
 * image_size [height, width] of what comes out.
 */
SYNCLINE_JAVA syncline_status syncline_interpolator_info(syncline_handle interpolator, char **json);
/* JSON list of the trials of a screen: {modality, first_frame_idx, num_frames, data_file, image_size, metadata}. */
SYNCLINE_JAVA syncline_status syncline_interpolator_trials(syncline_handle interpolator, char **json);
/*
 * Values at the valid ones of n times, rows = valid times, and their indices (int64). mode: NULL, or an
 * interpolation_mode in place of the one at opening (SYNCLINE_E_UNSUPPORTED where there is none of that name).
 */
SYNCLINE_JAVA syncline_status syncline_interpolator_interpolate(syncline_handle interpolator, const char *mode,
                                                                const double *times, int64_t n,
                                                                DLManagedTensorVersioned **values,
                                                                DLManagedTensorVersioned **valid);

/* modality_config: NULL for the default, or JSON map device -> options. flags: SYNCLINE_CACHE or 0. */
#define SYNCLINE_CACHE 1
SYNCLINE_JAVA syncline_status syncline_experiment_open(const char *root, const char *modality_config, int32_t flags,
                                                       syncline_handle *experiment);
/* JSON: start_time, end_time, devices: map name -> {modality, start_time, end_time, valid_interval, ...}. */
SYNCLINE_JAVA syncline_status syncline_experiment_info(syncline_handle experiment, char **json);
/* As syncline_interpolator_interpolate, for the device of that name. */
SYNCLINE_JAVA syncline_status syncline_experiment_interpolate(syncline_handle experiment, const char *device,
                                                              const double *times, int64_t n,
                                                              DLManagedTensorVersioned **values,
                                                              DLManagedTensorVersioned **valid);

/* ---- datasets ------------------------------------------------------------------------------------------------- */

/*
 * Opens a recording. config: NULL for the default, or YAML or JSON as in a configuration file (the level of `dataset:`
 * or the one above). options: NULL or JSON:
 * OptionsReferenceTest writes these lines: OpenOptions.DATASET.
 *   "lenient": false             Unknown keys of the configuration are warnings, not errors.
 *   "types": {...}               Element types by entry, in place of the natural ones: float32, float16, bfloat16; on
 *                                screens uint8 too, pixels before normalisation.
 *   "out_keys": null             Entries that are read, device names and timestamps, in place of the configuration's.
 *   "fingerprint": true          Whether syncline_dataset_info has it, which hashes every start time and costs the first
 *                                opening of a process 60 ms; syncline_dataset_state has it all the same.
 *   "valid_intervals": [...]     Further lists of valid intervals, intersected with those of the filters: what a filter
 *                                outside this library computed; {device: NAME, name: NAME, intervals: [...]} of one says
 *                                which filter it was; rejected: [...] in place of intervals is of a filter that judges
 *                                whole chunks: the first times of the device, as syncline_dataset_chunk_times has them,
 *                                in those that it leaves out.
 *   "devices": {...}             Devices whose values the caller provides: configured in modality_config like any other,
 *                                here with their range, name: {start_time, end_time, valid_interval: [start, end]}. They
 *                                take part in ranges, chunk times and timestamps; their entry is (T, 0) float32.
 *                                computed: {means: [...], stds: [...]} of their samples is for a normalization that asks
 *                                for those; syncline_dataset_statistics then has what to normalise them with.
 */
SYNCLINE_JAVA syncline_status syncline_dataset_open(const char *root, const char *config, const char *options,
                                                    syncline_handle *dataset);
/*
 * JSON: root, data_key, fingerprint, start_time, end_time, length, device_names, chunk_sizes, sampling_rates, offsets,
 * lead, timestamps_origin, layout: [{"key", "timestamps", "dtype", "shape"}] in the order of a chunk's tensors
 * (timestamps: one tensor a device, "key" the device).
 */
SYNCLINE_JAVA syncline_status syncline_dataset_info(syncline_handle dataset, char **json);
/* JSON {device: {"means": [...] or null, "stds": [...]}}: what each normalised device is normalised with. */
SYNCLINE_JAVA syncline_status syncline_dataset_statistics(syncline_handle dataset, char **json);
/*
 * JSON {screen: {"means": [...] or null, "stds": [...] or null}}: the screens that lose nothing as uint8 (types of
 * syncline_loader_open), for they are stored so, in the size of the chunks' frames. (x - mean) / std of their pixels, in
 * float32 and with statistics rounded to float32, one or one for each channel, has the bits of the natural type; null:
 * nothing is subtracted, nothing divided by. The first call may look at every file of a screen.
 */
SYNCLINE_JAVA syncline_status syncline_dataset_byte_screens(syncline_handle dataset, char **json);
/*
 * Why there are as many chunks as there are, JSON: steps [{"name", "left", "note"}] (grid_points, valid_range,
 * valid_condition, DEVICE.filters.NAME for each filter, whole_chunks, within_trial, DEVICE.max_gap, short_chunks,
 * sample_stride, chunks: how many each leaves over), advice [names in conditions that match nothing, ...], text (all of it as a table for people).
 */
SYNCLINE_JAVA syncline_status syncline_dataset_explain(syncline_handle dataset, char **json);
/*
 * JSON list of texts: what the int32 codes of the entry "meta.KEY" stand for, code 0 first. Those that the configuration
 * lists under "categories", else those of this recording in alphabetical order. SYNCLINE_E_ARGUMENT for a key that no
 * trial has, or whose values are numbers.
 */
SYNCLINE_JAVA syncline_status syncline_dataset_categories(syncline_handle dataset, const char *key, char **json);
SYNCLINE_JAVA syncline_status syncline_dataset_length(syncline_handle dataset, int64_t *length);
/* Start times of the chunks in the current order, float64. */
SYNCLINE_JAVA syncline_status syncline_dataset_start_times(syncline_handle dataset, DLManagedTensorVersioned **times);
/* All tensors of one chunk, in the order of the layout; 0 <= index < length. info may be NULL. */
SYNCLINE_JAVA syncline_status syncline_dataset_item(syncline_handle dataset, int64_t index,
                                                    DLManagedTensorVersioned **tensors, int32_t capacity,
                                                    syncline_batch_info *info);
/* Same for any start time. */
SYNCLINE_JAVA syncline_status syncline_dataset_item_at(syncline_handle dataset, double start,
                                                       DLManagedTensorVersioned **tensors, int32_t capacity,
                                                       syncline_batch_info *info);
/* Several chunks as one batch with a first axis of n, read on the calling thread. */
SYNCLINE_JAVA syncline_status syncline_dataset_read(syncline_handle dataset, const int64_t *indices, int64_t n,
                                                    DLManagedTensorVersioned **tensors, int32_t capacity,
                                                    syncline_batch_info *info);
/* Absolute times at which a device is sampled for a chunk that starts at start, float64. */
SYNCLINE_JAVA syncline_status syncline_dataset_chunk_times(syncline_handle dataset, const char *device, double start,
                                                           DLManagedTensorVersioned **times);
/* Valid start times before the stride, float64; filtered: 1 to heed the filters. */
SYNCLINE_JAVA syncline_status syncline_dataset_full_valid_sample_times(syncline_handle dataset, int32_t filtered,
                                                                       DLManagedTensorVersioned **times);
/* Which trials satisfy the conditions (JSON list of maps, or one map), bool. */
SYNCLINE_JAVA syncline_status syncline_dataset_condition_mask(syncline_handle dataset, const char *conditions,
                                                              DLManagedTensorVersioned **mask);
/* Grid points whose next satisfy_for_next points all satisfy the conditions, bool. */
SYNCLINE_JAVA syncline_status syncline_dataset_sample_mask(syncline_handle dataset, int32_t satisfy_for_next,
                                                           const char *conditions, int32_t filtered,
                                                           DLManagedTensorVersioned **mask);
/* Intersection of all filters' valid intervals, float64 (n, 2). */
SYNCLINE_JAVA syncline_status syncline_dataset_valid_intervals(syncline_handle dataset,
                                                               DLManagedTensorVersioned **intervals);
/* Their statistics as text for people. */
SYNCLINE_JAVA syncline_status syncline_dataset_interval_statistics(syncline_handle dataset, char **text);
/* Draws new start times; loaders opened before keep the old ones. */
SYNCLINE_JAVA syncline_status syncline_dataset_shuffle(syncline_handle dataset);
/* JSON {"rng_state": ["MT19937", [624 words], position, has_gauss, cached] or null, "valid_screen_times": [...]}. Start times that are none of the
 * dataset's, or not in ascending order, are refused, unless it has "own_start_times": true. */
SYNCLINE_JAVA syncline_status syncline_dataset_state(syncline_handle dataset, char **json);
SYNCLINE_JAVA syncline_status syncline_dataset_restore(syncline_handle dataset, const char *json);

/* ---- writing, and statistics ----------------------------------------------------------------------------------- */

/*
 * Begins a recording: under a hidden name beside its place, until syncline_writer_finish. syncline_release without that
 * leaves nothing. options: NULL or JSON {"replace": false, whether a recording that is there is replaced; "meta": {...},
 * what meta.json says, data_key among it}.
 */
SYNCLINE_JAVA syncline_status syncline_writer_open(const char *path, const char *options, syncline_handle *writer);
/*
 * Begins a device. options: JSON {"modality": "sequence", "rate": Hz (without it rows have times), "start": seconds of the
 * first row, "phase_shifts": [s], "unit_ids": [...], "statistics": true}, {"modality": "screen", "frame_rate": Hz, "statistics": false},
 * {"modality": "spikes", "start", "end", "unit_ids"}, or {"modality": "time_interval", "labels": {name: [[start, end]]},
 * "start", "end"}, to which nothing is appended.
 */
SYNCLINE_JAVA syncline_status syncline_writer_device(syncline_handle writer, const char *device, const char *options);
/*
 * Appends rows (n, signals) to a sequence, with n times where it has no rate; a trial to a screen, with a time for each
 * frame; the next unit to spikes: its times, or int64 values, sample numbers, with options {"rate": Hz}. Options of a
 * trial: {"kind": "image", "video", "blank" or "file", "value": of a blank, "file": path, "metadata": {...}}. Values are in
 * C order, dtype is NumPy's name; without values all of values, dtype and shape are NULL. times: NULL and n -1 for none.
 * Nothing is kept.
 */
SYNCLINE_JAVA syncline_status syncline_writer_append(syncline_handle writer, const char *device, const void *values,
                                                     const char *dtype, const int64_t *shape, int32_t ndim,
                                                     const double *times, int64_t n, const char *options);
/* Checks the whole and gives it its name; warnings: JSON list of texts. The writer is closed then, also where it fails. */
SYNCLINE_JAVA syncline_status syncline_writer_finish(syncline_handle writer, char **warnings);
/*
 * Statistics of stored samples. options: NULL or JSON {"devices": [names], "conditions": [maps of trial metadata of which
 * one must hold] or one map, "filters": false, "config": a configuration as of syncline_dataset_open, "quantiles":
 * [0.05, 0.5, 0.95], "moments": false (no extremes and quantiles), "per_pixel": false, "threads": 0 (all processors),
 * "write": false (puts meta/means.npy and stds.npy into the recording), "replace": false, "pooled_with": [folders of other
 * recordings: of all samples together, and written into each]}. json: {device: {unit, shape,
 * counts, nan_shares, means, stds, minima, maxima, quantiles: {share: [...]}}}.
 */
SYNCLINE_JAVA syncline_status syncline_statistics(const char *path, const char *options, char **json);

/* ---- screen transforms ---------------------------------------------------------------------------------------- */

/* A list of screen transforms: JSON [{"_target_": "torchvision.transforms.v2.Resize", "size": [36, 64]}, ...]. */
SYNCLINE_JAVA syncline_status syncline_transforms_open(const char *targets, syncline_handle *transforms);
/* Applies them to float32 frames (t, c, h, w) in C order; the result has the same order of axes. */
SYNCLINE_JAVA syncline_status syncline_transforms_apply(syncline_handle transforms, const float *frames,
                                                        const int64_t shape[4], DLManagedTensorVersioned **result);

/* ---- loaders -------------------------------------------------------------------------------------------------- */

/*
 * Batches of one dataset, or of several sessions, made by Java threads. The loader keeps what it needs of the
 * datasets: their handles may be released. options: NULL or JSON:
 * OptionsReferenceTest writes these lines: LoaderOption.
 *   "batch_size": 1              Chunks of a batch. From 1 to 16777216.
 *   "shuffle": false             Draws the order of chunks anew each epoch.
 *   "seed": null                 Seed of the order of chunks; without one a seed is drawn, which the state carries.
 *                                Needed where there are several ranks. From 0 to 4294967295.
 *   "drop_last": false           Leaves out a last, smaller batch.
 *   "indices": [...]             Which chunks of the one recording an epoch has, in this order unless shuffled, any of
 *                                them several times; null: all.
 *   "threads": 0                 Threads that make batches; 0: as many as there are processors, at most 8. From 0 to
 *                                1024.
 *   "prefetch": 2                Batches made ahead. From 1.
 *   "max_batches": 0             Limit on batches alive, made ahead or held by the caller; 0: none, memory grows while
 *                                batches are kept. With a limit, asking for a batch while all are held is an error.
 *   "types": {...}               Element types by entry, in place of the natural ones: float32, float16, bfloat16; on
 *                                screens uint8 too, pixels before normalisation.
 *   "as_bytes": null             Screens whose pixels come as uint8 before normalisation, whatever types says: the caller
 *                                makes what it says of them, and states are as without.
 *   "out_keys": null             Entries that are read, device names and timestamps, in place of the configuration's.
 *   "rank": 0                    This loader's number among those that share each epoch's batches, from 0.
 *   "world_size": 1              How many loaders share each epoch's batches: rank r takes batches r, r + world_size and
 *                                so on. From 1.
 *   "remainder": "pad" | "drop" | "uneven"
 *                                What becomes of an epoch's last batches where world_size does not divide their number.
 *   "share_sessions": false      With long, short and exhaust: ranks share each recording's batches out by itself, so
 *                                that every rank gets some of all; else the one order of all.
 *   "shuffle_each_epoch": false  Draws the start times anew each epoch.
 *   "pin_memory": false          Registers the buffers of batches with CUDA, so that copies to the device are
 *                                asynchronous.
 *   "wait_for_device": true      Whether pinned memory is used again only when the device has finished all that it had to
 *                                do when the batch was deleted; false: the caller has waited for its own copies before it
 *                                deletes a batch.
 *   "sessions": "concat" | "long" | "short" | "exhaust"
 *                                How several recordings take turns; null is concat.
 *   "weights": [...]             How often recordings come, with concat: an epoch has as many batches as without, shared
 *                                out in these proportions (largest remainders); a recording that runs out begins its
 *                                order again.
 *   "fed": false                 The caller names the chunks of every batch (syncline_loader_feed); batch_size is the
 *                                most of one; options of an order are refused beside it.
 *   "indices_only": false        Reads nothing: each batch is one int64 tensor of chunk indices.
 *   "readahead": 0               Bytes of the recordings' files that the system is asked to read ahead once, from the
 *                                first file on.
 *   "lookahead": 0               Bytes of files that the system is asked to read ahead of the batches that come next; for
 *                                recordings larger than memory.
 *   "nice": 0                    The nice value of the threads. From 0 to 19.
 *   "huge_pages": null           Whether buffers ask for huge pages; null: those of 4 MiB or more.
 *   "share": 1.0                 The share of time in which each thread works; 1: always.
 *   "spin_nanos": 0              Nanoseconds that the caller spins for a batch before it sleeps: for closed loops.
 *   "recordings": [...]          Further recordings, after the datasets, opened and closed by the loader itself.
 *   "max_open": 0                How many of the recordings that the loader opens are open at one time; 0: as many as fit
 *                                the heap.
 *   "skip_broken": false         Leaves out recordings that cannot be opened, with a warning.
 *   "on_error": "error" | "skip"
 *                                What becomes of chunks that need a missing or damaged file, as of a trial.
 *   "cache_data": false          Reads the recordings that the loader opens into memory once; else as their configuration
 *                                says.
 */
SYNCLINE_JAVA syncline_status syncline_loader_open(const syncline_handle *datasets, int32_t count, const char *options,
                                                   syncline_handle *loader);
/*
 * JSON: batch_size, batches and chunks of an epoch, epoch and position of the batch that comes next, pinned, fingerprint
 * of data and settings (null where the loader is fed), sessions: [{"data_key", "layout", "categories"}]; layouts as
 * in syncline_dataset_info, without the batch axis; categories {"meta.KEY": [texts]} of entries that hold codes, where
 * there are such.
 */
SYNCLINE_JAVA syncline_status syncline_loader_info(syncline_handle loader, char **json);
/* JSON: data_key and layout of one session, as in syncline_loader_info, which describes all of hundreds. */
SYNCLINE_JAVA syncline_status syncline_loader_session(syncline_handle loader, int64_t session, char **json);
/* Batches in an epoch. */
SYNCLINE_JAVA syncline_status syncline_loader_length(syncline_handle loader, int64_t *length);
/*
 * The next batch, all tensors in one call, in the order of the session's layout. timeout_ms: -1 waits for ever.
 * Returns SYNCLINE_OK, SYNCLINE_TIMEOUT or SYNCLINE_END (once per epoch; the call after it begins the next epoch). A
 * chunk that cannot be read is an error of this call, at the batch it belongs to. info may be NULL.
 */
SYNCLINE_JAVA syncline_status syncline_loader_next(syncline_handle loader, int32_t timeout_ms,
                                                   DLManagedTensorVersioned **tensors, int32_t capacity,
                                                   syncline_batch_info *info);
/*
 * Names the batches to come of a loader opened with "fed": true; any thread, also while another waits for one. Batch i holds
 * sizes[i] chunks (1 to batch_size) of the session sessions[i] (its place among the datasets, then the recordings), whose
 * indices follow those of the batches before it. The loader reads them in this order, as far ahead as "prefetch" says;
 * syncline_loader_next returns SYNCLINE_END where all that were named are taken. A batch of several sessions, which then
 * have the same layout, has -1 in sessions and, in place of each index, two numbers: the session and the index there; its
 * session in syncline_batch_info is the first one's. An error says which
 * batch cannot be; those before it are taken up.
 */
SYNCLINE_JAVA syncline_status syncline_loader_feed(syncline_handle loader, int64_t batches, const int32_t *sessions,
                                                   const int32_t *sizes, const int64_t *indices);
/*
 * Goes to the beginning of an epoch, or of the next one (-1); what was prepared is dropped. A fed loader (-1 alone) forgets
 * the batches that were named and not taken.
 */
SYNCLINE_JAVA syncline_status syncline_loader_begin_epoch(syncline_handle loader, int64_t epoch);
/* Where the loader stands, as small JSON; a loader that restores it continues with the very next batch. */
SYNCLINE_JAVA syncline_status syncline_loader_state(syncline_handle loader, char **json);
SYNCLINE_JAVA syncline_status syncline_loader_restore(syncline_handle loader, const char *json);
/* JSON: time per stage, bytes, waits, batches; and "summary", one line for people. */
SYNCLINE_JAVA syncline_status syncline_loader_statistics(syncline_handle loader, char **json);

/* ---- pinned memory -------------------------------------------------------------------------------------------- */

/*
 * Called for every buffer that batches and chunks will live in, when it is made (made = 1; calling thread: any, Java's
 * included) and before it is freed (made = 0). Buffers that exist are reported at registration. One hook a process;
 * NULL removes it. It must not call this library.
 */
typedef void (*syncline_memory_hook)(void *user, void *address, uint64_t bytes, int32_t made);
SYNCLINE_API void syncline_set_memory_hook(syncline_memory_hook hook, void *user);
/* Whether a CUDA driver with a device is there (1) or not (0). Starts no Java. */
SYNCLINE_API int32_t syncline_cuda_available(void);
/* Registers host memory with CUDA's primary context (page-locked, portable), and takes it back. Starts no Java. */
SYNCLINE_API syncline_status syncline_pin(void *address, uint64_t bytes);
SYNCLINE_API syncline_status syncline_unpin(void *address);

/* ---- for bindings of garbage-collected languages --------------------------------------------------------------- */

/* Python: gives PyCapsule_IsValid and PyCapsule_GetPointer, so that the destructor below needs no link to libpython. */
SYNCLINE_API void syncline_python_host(int (*is_valid)(void *, const char *),
                                       void *(*get_pointer)(void *, const char *));
/* A PyCapsule_Destructor for capsules named "dltensor_versioned" and "dltensor": deletes what no consumer took. */
SYNCLINE_API void syncline_python_capsule_destructor(void *capsule);

/* Python: the functions of its C API that syncline_python_next calls; void * stands for PyObject * and PyThreadState *. */
typedef struct {
  void *(*save_thread)(void);
  void (*restore_thread)(void *thread);
  void *(*capsule_new)(void *pointer, const char *name, void (*destructor)(void *));
  int (*list_append)(void *list, void *item);
  void (*dec_ref)(void *object);
  void (*err_clear)(void);
} syncline_python;
SYNCLINE_API void syncline_python_functions(const syncline_python *functions);

/* What comes with the capsules of a batch. */
typedef struct {
  syncline_batch_info info;
  int64_t warnings;                  /* syncline_has_warnings() */
  int64_t apart;                    /* a bit for each tensor that has memory of its own */
  void *data[SYNCLINE_MAX_TENSORS]; /* of the first info.count tensors */
} syncline_python_batch;
/*
 * syncline_loader_next for Python: called with Python's lock, which it releases while it waits. With SYNCLINE_OK a capsule
 * for each tensor is appended to the list, named "dltensor" with legacy and "dltensor_versioned" without; with another
 * status what was appended is to be dropped. With apart, tensors that are small beside the batch have memory of their own,
 * so that a program that keeps them does not keep the batch.
 */
SYNCLINE_API syncline_status syncline_python_next(syncline_handle loader, int32_t timeout_ms, int32_t legacy,
                                                  int32_t apart, void *list, syncline_python_batch *batch);

#ifdef __cplusplus
}
#endif
#endif /* SYNCLINE_H_ */
