/** Approximate memory of an empty Redis, so that a memory limit has the same effect here. */
export const startupBytes = 1024 * 1024;
