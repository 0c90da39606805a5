/** What stopped a scan. `garbage`: not the Redis protocol, or more than a command may have. */
export type RequestScan = 'head' | 'end' | 'more' | 'garbage';

const cr = 13;
const lf = 10;
const tab = 9;
const star = 42;
const dollar = 36;

/** Redis's own limit for an inline command. */
const maxInlineBytes = 64 * 1024;
/** No command has such a name. What is kept back until the name is known must have a bound. */
const maxNameBytes = 64 * 1024;

/** Longer than any command or option that matters here. */
const maxWordBytes = 32;

type State = 'start' | 'count' | 'bulk' | 'length' | 'body' | 'inline';

/**
 * Finds the frames of requests (arrays of bulk strings, and inline commands) in a stream that is cut anywhere.
 *
 * `scan` goes on from an offset and stops at the head of a frame, as soon as its command is known, and at its end. The bodies
 * of bulk strings are skipped, not read or kept.
 */
export class RequestScanner {
	/** The command, in upper case. Valid from `head` to `end`. */
	name = '';
	/** Words after the command, in upper case, for those commands that need them (`CLIENT REPLY OFF`). */
	words: readonly string[] = [];
	/** How many arguments there are, the command included. */
	argc = 0;
	/** Where the scan stopped. */
	offset = 0;

	#state: State = 'start';
	#number = 0;
	#negative = false;
	#digits = 0;
	#argument = 0;
	#left = 0;
	#captured: string[] = [];
	#word = '';
	#wanted = 1;
	#headDone = false;
	#inline = '';

	/** Between two frames. */
	get atBoundary(): boolean {
		return this.#state === 'start' && !this.#headDone;
	}

	scan(chunk: Buffer, from: number): RequestScan {
		let i = from;
		const length = chunk.length;
		if (this.#headDone && this.#state === 'start') {
			this.#headDone = false;
			this.offset = i;
			return 'end';
		}
		while (i < length) {
			switch (this.#state) {
				case 'start': {
					this.#begin();
					if (chunk[i] === star) {
						this.#state = 'count';
						i++;
					} else if (mayBegin(chunk[i] ?? 0)) {
						this.#state = 'inline';
					} else {
						return this.#stop(i, 'garbage');
					}
					break;
				}
				case 'count':
				case 'length': {
					const byte = chunk[i++] ?? 0;
					if (byte >= 48 && byte <= 57) {
						this.#number = this.#number * 10 + byte - 48;
						if (++this.#digits > 10) return this.#stop(i, 'garbage');
					} else if (byte === 45 && this.#digits === 0 && !this.#negative) {
						this.#negative = true;
					} else if (byte === lf) {
						if (this.#state === 'count') {
							this.argc = this.#negative ? 0 : this.#number;
							this.#state = this.argc === 0 ? 'start' : 'bulk';
							this.#clearNumber();
							if (this.argc === 0) return this.#stop(i, 'end');
						} else {
							const tooLong = !this.#headDone && this.#number > maxNameBytes;
							if (this.#negative || tooLong) return this.#stop(i, 'garbage');
							this.#left = this.#number + 2;
							this.#clearNumber();
							this.#state = 'body';
						}
					} else if (byte !== cr) {
						return this.#stop(i, 'garbage');
					}
					break;
				}
				case 'bulk':
					if (chunk[i++] !== dollar) return this.#stop(i, 'garbage');
					this.#state = 'length';
					break;
				case 'body': {
					const take = Math.min(this.#left, length - i);
					if (this.#argument < this.#wanted) this.#capture(chunk, i, take);
					i += take;
					this.#left -= take;
					if (this.#left > 0) break;
					this.#argument++;
					this.#state = this.#argument === this.argc ? 'start' : 'bulk';
					if (!this.#headDone && this.#endOfWord()) {
						this.#headDone = true;
						return this.#stop(i, 'head');
					}
					if (this.#state === 'start') {
						this.#headDone = false;
						return this.#stop(i, 'end');
					}
					break;
				}
				case 'inline': {
					const newline = chunk.indexOf(lf, i);
					const end = newline === -1 ? length : newline + 1;
					if (this.#inline.length + end - i > maxInlineBytes) return this.#stop(i, 'garbage');
					this.#inline += chunk.toString('latin1', i, end);
					i = end;
					if (newline === -1) break;
					this.#state = 'start';
					if (!this.#readInline()) return this.#stop(i, 'end');
					this.#headDone = true;
					return this.#stop(i, 'head');
				}
			}
		}
		return this.#stop(i, 'more');
	}

	#begin(): void {
		this.#argument = 0;
		this.#wanted = 1;
		this.#word = '';
		this.#captured = [];
		this.#inline = '';
		this.name = '';
		this.words = [];
		this.#clearNumber();
	}

	#clearNumber(): void {
		this.#number = 0;
		this.#digits = 0;
		this.#negative = false;
	}

	#capture(chunk: Buffer, from: number, take: number): void {
		const text = Math.min(take, Math.max(0, this.#left - 2), maxWordBytes - this.#word.length);
		if (text > 0) this.#word += chunk.toString('latin1', from, from + text);
	}

	/** Takes the word that has just ended; true when the head of the frame is complete. */
	#endOfWord(): boolean {
		const word = this.#word.toUpperCase();
		this.#word = '';
		if (this.#argument === 1) {
			this.name = word;
			if (word === 'CLIENT') this.#wanted = Math.min(3, this.argc);
		} else {
			this.#captured.push(word);
		}
		if (this.#argument < this.#wanted) return false;
		this.words = this.#captured;
		return true;
	}

	#readInline(): boolean {
		const [name, ...rest] = this.#inline.trim().split(/\s+/);
		if (name === undefined || name === '') return false;
		this.name = name.toUpperCase();
		this.words = rest.slice(0, 2).map((word) => word.toUpperCase());
		this.argc = rest.length + 1;
		return true;
	}

	#stop(offset: number, result: RequestScan): RequestScan {
		this.offset = offset;
		return result;
	}
}

/** No inline command begins with such a byte; a TLS handshake does, and has an end of line in it somewhere. */
function mayBegin(byte: number): boolean {
	return (byte >= 32 && byte < 127) || byte === cr || byte === lf || byte === tab;
}
