import type {Client} from './client/client.js';

type SlowEntry = {
	readonly id: number;
	/** Unix time in seconds. */
	readonly at: number;
	readonly microseconds: number;
	readonly args: readonly string[];
	readonly address: string;
	readonly name: string;
};

const maxArguments = 32;
const maxArgumentLength = 128;

/** Slow commands, newest first, at most `slowlog-max-len`. */
export class SlowLog {
	entries: SlowEntry[] = [];
	#nextId = 0;

	add(client: Client, args: readonly string[], microseconds: number, now: number, maxLength: number): void {
		const entry: SlowEntry = {
			id: this.#nextId++,
			at: Math.floor(now / 1000),
			microseconds,
			args: shorten(args),
			address: client.wire?.address ?? '',
			name: client.name,
		};
		this.entries = [entry, ...this.entries].slice(0, maxLength);
	}
}

function shorten(args: readonly string[]): string[] {
	const shown = args.length > maxArguments ? args.slice(0, maxArguments - 1) : args;
	const words = shown.map((word) =>
		word.length > maxArgumentLength
			? `${word.slice(0, maxArgumentLength)}... (${word.length - maxArgumentLength} more bytes)`
			: word,
	);
	if (shown.length < args.length) words.push(`... (${args.length - shown.length} more arguments)`);
	return words;
}
