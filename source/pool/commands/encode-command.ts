import type {Argument} from '../types.js';

/** The RESP length line before an argument, prepared for the most common lengths. */
const lengthLines: readonly string[] = Array.from({length: 1024}, (_, length) => lengthLine(length));

/**
 * A command as it is written to the socket: text if all of its arguments are ASCII, else bytes. For ASCII text the bytes of the
 * whole command are counted once, instead of those of each argument.
 */
export function encodeCommand(name: string, args: readonly Argument[]): string | Buffer {
	let text = headOf(name, args.length);
	for (const arg of args) {
		if (typeof arg === 'string') text += (lengthLines[arg.length] ?? lengthLine(arg.length)) + arg;
		else if (typeof arg === 'number') text += lengthLine(String(arg).length) + String(arg);
		else return encodeBytes(name, args);
	}
	text += '\r\n';
	return Buffer.byteLength(text) === text.length ? text : encodeBytes(name, args);
}

let lastName = '';
let lastCount = -1;
let lastHead = '';

/** The text before the arguments, cached: successive commands mostly have the same name and number of arguments. */
function headOf(name: string, count: number): string {
	if (count !== lastCount || name !== lastName) {
		lastCount = count;
		lastName = name;
		lastHead = `*${count + 1}${lengthLine(name.length)}${name}`;
	}
	return lastHead;
}

function encodeBytes(name: string, args: readonly Argument[]): Buffer {
	const parts: Buffer[] = [Buffer.from(`*${args.length + 1}\r\n$${Buffer.byteLength(name)}\r\n${name}`)];
	for (const arg of args) {
		const bytes = arg instanceof Uint8Array ? arg : Buffer.from(String(arg));
		parts.push(Buffer.from(lengthLine(bytes.length)), bytes);
	}
	parts.push(Buffer.from('\r\n'));
	return Buffer.concat(parts);
}

function lengthLine(length: number): string {
	return `\r\n$${length}\r\n`;
}
