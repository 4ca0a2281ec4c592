/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * Which part of each epoch a loader hands out.
 *
 * @param rank this loader's number among those that share an epoch, from 0
 * @param worldSize how many share it
 * @param remainder what becomes of the last batches where the number is no multiple of worldSize
 */
record Share(int rank, int worldSize, Remainder remainder) {}
