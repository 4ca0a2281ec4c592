/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

/**
 * A whole configuration file.
 *
 * @param dataset the dataset's parameters
 * @param dataloader the {@code dataloader} section, or {@link DataloaderConfig#DEFAULT}
 * @param rootFolder {@code root_folder} where the file names one, or null
 */
public record ConfigFile(DatasetConfig dataset, DataloaderConfig dataloader, String rootFolder) {}
