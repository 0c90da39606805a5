/** A command in the output of MONITOR. */
export type MonitoredCommand = {
	/** Index of the database. */
	readonly database: string;
	/** Address of the client, or `lua` for a command in a script. */
	readonly source: string;
	/** The arguments as escaped by MONITOR. Those after the first 4096 characters of the line are left out. */
	readonly words: readonly string[];
};

export type MonitorReaderHandlers = {
	readonly onStart: () => void;
	readonly onCommand: (command: MonitoredCommand) => void;
	readonly onRefused: (message: string) => void;
};

/** Number of characters of a line that are read. The rest, mostly values, is skipped. */
const prefixLength = 4096;

const newline = 10;

/**
 * Reads the output of MONITOR: one line per command, which includes its values. Only the beginning of one line is kept in memory.
 */
export class MonitorReader {
	readonly #handlers: MonitorReaderHandlers;
	#prefix = '';

	constructor(handlers: MonitorReaderHandlers) {
		this.#handlers = handlers;
	}

	push(chunk: Buffer): void {
		let at = 0;
		while (at < chunk.length) {
			const end = chunk.indexOf(newline, at);
			const to = end < 0 ? chunk.length : end;
			const room = prefixLength - this.#prefix.length;
			if (room > 0) this.#prefix += chunk.toString('latin1', at, Math.min(to, at + room));
			if (end < 0) return;
			this.#readLine(this.#prefix);
			this.#prefix = '';
			at = end + 1;
		}
	}

	#readLine(line: string): void {
		if (line.startsWith('-')) this.#handlers.onRefused(line.slice(1).trim());
		if (line.startsWith('+OK')) this.#handlers.onStart();
		// `+1690000000.123456 [0 10.0.0.7:53122] "GET" "user:1"`. An IPv6 address has brackets, too.
		const start = line.indexOf('[');
		const end = line.indexOf('] "');
		if (start < 0 || end < start) return;
		const [database = '', source = ''] = line.slice(start + 1, end).split(' ');
		this.#handlers.onCommand({database, source, words: wordsOf(line, end + 2)});
	}
}

/** The words in quotes from an offset on. A word without a closing quote was cut off, and is left out. */
function wordsOf(line: string, offset: number): readonly string[] {
	const words: string[] = [];
	let at = offset;
	while (line[at] === '"') {
		let end = at + 1;
		while (end < line.length && line[end] !== '"') end += line[end] === '\\' ? 2 : 1;
		if (end >= line.length) break;
		words.push(line.slice(at + 1, end));
		at = end + 2;
	}
	return words;
}
