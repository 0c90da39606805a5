/** About what an empty Redis uses; counted so that a memory limit means the same here and there. */
export const startupBytes = 1024 * 1024;
