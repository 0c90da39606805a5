/*
 * `lua-redis-wasm` is linked with a stack of 64 KiB and a memory of 64 MiB, and has no option for either. Stack overflows are not detected: 700 nested levels of cjson, or a dozen nested calls of `string.gsub`, overwrite the data below the stack, and later scripts compute wrong results. The memory is too small for a string of 10 MB and its copies.
 *
 * Lua limits the recursion of its library (200 C calls, 8000 values on its own stack), which takes 1.3 MB at most. So a stack of 8 MiB, as C programs usually have, cannot overflow.
 */

/** Replacements of bytes in the WebAssembly module, as hexadecimal digits. */
const replacements: readonly (readonly [what: string, from: string, to: string])[] = [
	// Initial and maximum number of pages of 64 KiB: 2048 instead of 1024.
	['the size of the memory', '010180088008', '010180108010'],
	// The stack grows downward from 0x7ffff0 instead of 96800. The number takes one more byte, so the section length grows by 1.
	['the initial stack pointer', '060d027f0141a0f4050b', '060e027f0141f0ffff030b'],
	// The heap begins at the same address. It is the last number of the initialized data.
	['the beginning of the heap', '207a01', 'f0ff7f'],
];

/**
 * Enlarges the stack and the memory of the Lua interpreter.
 *
 * @throws {Error} The module is of another version than the replacements.
 */
export function withLargerMemory(module: Buffer): Buffer {
	let bytes = module.toString('latin1');
	for (const [what, from, to] of replacements) {
		const parts = bytes.split(bytesOf(from));
		if (parts.length !== 2) throw new Error(`lua-redis-wasm has changed: find ${what} in its module again`);
		bytes = parts.join(bytesOf(to));
	}
	return Buffer.from(bytes, 'latin1');
}

function bytesOf(digits: string): string {
	return Buffer.from(digits, 'hex').toString('latin1');
}
