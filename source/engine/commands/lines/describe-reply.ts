import {escapeBytes, quoteBytes} from '../../../inspect/escape-bytes.js';
import {formatCount} from '../../../text/number.js';

/** Limits of the output for one reply. */
const maxLines = 1000;
const maxCharacters = 256 * 1024;

/** Most bytes that are printed of one string: escaping allocates forty times its input. */
const maxStringBytes = 16 * 1024;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Commands whose reply is a text of several lines, which redis-cli prints unchanged. */
const texts = words(
	'info lolwut client|list client|info cluster|info cluster|nodes memory|doctor memory|malloc-stats latency|doctor latency|graph',
);

/** Reading commands whose reply is a status, which has no quotes. */
const statuses = words('type ping');

/** Statuses of commands that write. The connection delivers a status as it delivers a string. */
const statusOfWrites = /^(OK|QUEUED|Background [ -~]{1,100})$/;

/** The command that a reply belongs to. */
type Answered = {readonly command: readonly string[]; readonly writes: boolean};

/** Prints a reply up to the limits. */
class ReplyPrinter {
	readonly lines: string[] = [];
	#left = maxCharacters;
	#isCut = false;

	/** @param head Starts the first line; the others start with `indent`. */
	print(reply: unknown, head = '', indent = ''): void {
		if (typeof reply !== 'object' || reply === null || Buffer.isBuffer(reply) || reply instanceof Error) {
			this.add(`${head}${leaf(reply)}`);
			return;
		}
		const entries = entriesOf(reply);
		if (entries.length === 0) this.add(`${head}(empty array)`);
		const width = String(entries.length).length;
		for (const [index, entry] of entries.entries()) {
			if (this.#isCut) return;
			const number = `${String(index + 1).padStart(width)}) `;
			this.print(entry, `${index === 0 ? head : indent}${number}`, indent + ' '.repeat(number.length));
		}
	}

	add(line: string): void {
		if (this.#isCut) return;
		this.#isCut = this.lines.length >= maxLines || this.#left <= 0;
		this.#left -= line.length;
		this.lines.push(this.#isCut ? '… the rest is not printed: ask for less, or use redis-cli' : line);
	}
}

/** The start of a long string, cut between characters. */
function startOf(bytes: Buffer): Buffer {
	if (bytes.length <= maxStringBytes) return bytes;
	let end = maxStringBytes;
	while (end > maxStringBytes - 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
	return bytes.subarray(0, end);
}

function leaf(reply: unknown): string {
	if (reply === null || reply === undefined) return '(nil)';
	if (typeof reply === 'number' || typeof reply === 'bigint') return `(integer) ${reply}`;
	if (typeof reply === 'boolean') return `(${reply})`;
	if (reply instanceof Error) return `(error) ${reply.message}`;
	const bytes = Buffer.isBuffer(reply) ? reply : Buffer.from(String(reply));
	const start = startOf(bytes);
	const rest = start.length < bytes.length ? ` … (${formatCount(bytes.length)} bytes in all)` : '';
	return `${quoteBytes(start)}${rest}`;
}

function entriesOf(reply: object): readonly unknown[] {
	if (Array.isArray(reply)) return reply;
	if (reply instanceof Map) return [...reply].flat();
	if (reply instanceof Set) return [...reply];
	return Object.entries(reply).flat();
}

function isText(reply: Buffer, {command, writes}: Answered): boolean {
	const [name = '', sub = ''] = command.map((word) => word.toLowerCase());
	if (texts.has(name) || texts.has(`${name}|${sub}`) || statuses.has(name)) return true;
	return writes && reply.length < 128 && statusOfWrites.test(reply.toString('latin1'));
}

/**
 * A reply of Redis as redis-cli prints it, printable, and bounded: the start of long strings, and at most a thousand
 * lines. UTF-8 stays readable.
 */
export function describeReply(reply: unknown, answered: Answered): readonly string[] {
	const printer = new ReplyPrinter();
	if (Buffer.isBuffer(reply) && isText(reply, answered)) {
		const text = reply.subarray(0, maxCharacters + 1).toString();
		for (const line of text.trimEnd().split(/\r?\n/)) printer.add(escapeBytes(Buffer.from(line)));
	} else {
		printer.print(reply);
	}
	return printer.lines;
}
