/**
 * Bytes in memory that nothing else shares. zlib, msgpackr and `Buffer.from` return parts of larger buffers: all of such a
 * buffer stays for as long as one of its parts does, and parts in the memory tier stay long.
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
