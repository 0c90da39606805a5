/**
 * The bytes in a buffer of their own. zlib, msgpackr and `Buffer.from` return views of larger buffers, and a view that stays in
 * the memory tier would keep the whole buffer alive.
 */
export function inOwnMemory(bytes: Uint8Array): Buffer {
	if (bytes.byteLength === bytes.buffer.byteLength && Buffer.isBuffer(bytes)) return bytes;
	return copyOf(bytes);
}

/** A copy in separate memory. */
export function copyOf(bytes: Uint8Array): Buffer {
	const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
	copy.set(bytes);
	return copy;
}
