/*
 * `lua-redis-wasm` is linked with a stack of 64 KiB and a memory of 64 MiB, neither of which can be set from outside.
 * Nothing checks the stack: cjson 700 levels deep, or a dozen nested `string.gsub`, write over the data below it, and
 * later scripts compute nonsense. The memory is too small for a string of 10 MB and its copies.
 *
 * Lua itself bounds how deep its library recurses (200 C calls, 8000 values on its own stack), which takes 1.3 MB at
 * most. So the stack of a usual C program, 8 MiB, cannot overflow.
 */

/** Bytes of the WebAssembly module as hexadecimal digits: what they are, and what they become. */
const replacements: readonly (readonly [what: string, from: string, to: string])[] = [
	// 1024 pages of 64 KiB, initially and at most: 2048.
	['the size of the memory', '010180088008', '010180108010'],
	// The stack grows downward from 96800: from 0x7ffff0. That takes one byte more, which the section's length counts.
	['the initial stack pointer', '060d027f0141a0f4050b', '060e027f0141f0ffff030b'],
	// The heap begins where the stack does, which is the last number of the initialized data.
	['the beginning of the heap', '207a01', 'f0ff7f'],
];

/**
 * Gives the Lua interpreter a stack and a memory that are large enough.
 *
 * @throws {Error} The module is not the one that the replacements were made for.
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
