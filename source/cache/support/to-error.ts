/** Converts a thrown value, which may be anything, to an Error for events and typed errors. */
export function toError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}
