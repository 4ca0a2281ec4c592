/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

/**
 * Something in an NWB file, and what becomes of it.
 *
 * @param path in the file, without a leading slash
 * @param type its neurodata_type
 * @param shape its shape and type, for people
 * @param modality of the device that it becomes: sequence, spikes, time_interval or screen; null
 *     where it cannot be one
 * @param device name of that device, or null
 * @param onRequest it is imported only where it is named
 * @param reason why it is not imported, or not without being named; null where it is
 */
public record NwbItem(
    String path,
    String type,
    String shape,
    String modality,
    String device,
    boolean onRequest,
    String reason) {}
