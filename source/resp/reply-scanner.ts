/** What stopped a scan. `garbage`: not a reply that can be followed. */
export type ReplyScan = 'end' | 'more' | 'garbage';

const cr = 13;
const lf = 10;

type State = 'type' | 'line' | 'number' | 'body';

/**
 * Finds the frames of replies (RESP2 and RESP3, nested ones and attributes included) in a stream that is cut anywhere.
 *
 * `scan` goes on from an offset and stops at the end of each reply. What the bodies hold is skipped, but for the first word
 * and the last number of a reply, which tell what a push is.
 */
export class ReplyScanner {
	/** Type byte of the reply, after any attributes: `>` is a push. */
	type = 0;
	/** The first string in it, at most 16 characters. Read only while `curious`. */
	firstWord = '';
	/** The last integer in it. */
	lastNumber = 0;
	/** Whether to read first words. */
	curious = false;
	/** Where the scan stopped. */
	offset = 0;

	#state: State = 'type';
	#elementType = 0;
	/** Elements that are still to come before the reply ends; 0: between two replies. */
	#remaining = 0;
	#number = 0;
	#negative = false;
	#special = false;
	#left = 0;
	#wordOpen = false;

	/** Between two replies. */
	get atBoundary(): boolean {
		return this.#remaining === 0;
	}

	scan(chunk: Buffer, from: number): ReplyScan {
		let i = from;
		const length = chunk.length;
		while (i < length) {
			switch (this.#state) {
				case 'type': {
					const byte = chunk[i++] ?? 0;
					if (this.#remaining === 0) this.#begin(byte);
					else if (this.type === attribute && this.#remaining === 1) this.type = byte;
					this.#elementType = byte;
					const kind = kinds[byte];
					if (kind === undefined) return this.#stop(i, 'garbage');
					this.#number = 0;
					this.#negative = false;
					this.#special = false;
					this.#state = kind === 'line' ? 'line' : 'number';
					break;
				}
				case 'line': {
					const newline = chunk.indexOf(lf, i);
					if (newline === -1) {
						i = length;
						break;
					}
					i = newline + 1;
					if (this.#endElement()) return this.#stop(i, 'end');
					break;
				}
				case 'number': {
					const byte = chunk[i++] ?? 0;
					if (byte >= 48 && byte <= 57) {
						this.#number = this.#number * 10 + byte - 48;
					} else if (byte === 45) {
						this.#negative = true;
					} else if (byte === lf) {
						if (this.#special) return this.#stop(i, 'garbage');
						if (this.#endNumber()) return this.#stop(i, 'end');
					} else if (byte !== cr && byte !== 43) {
						this.#special = true;
					}
					break;
				}
				case 'body': {
					const take = Math.min(this.#left, length - i);
					if (this.#wordOpen) this.#readWord(chunk, i, take);
					i += take;
					this.#left -= take;
					if (this.#left > 0) break;
					this.#wordOpen = false;
					if (this.#endElement()) return this.#stop(i, 'end');
					break;
				}
			}
		}
		return this.#stop(i, 'more');
	}

	#begin(byte: number): void {
		this.#remaining = 1;
		this.type = byte;
		this.firstWord = '';
		this.lastNumber = 0;
	}

	/** A length, a count or an integer has been read to its end. True when that ends the reply. */
	#endNumber(): boolean {
		const value = this.#negative ? -this.#number : this.#number;
		switch (kinds[this.#elementType]) {
			case 'integer':
				this.lastNumber = value;
				return this.#endElement();
			case 'bulk':
				if (value < 0) return this.#endElement();
				this.#left = value + 2;
				this.#wordOpen = this.curious && this.firstWord === '' && this.type !== this.#elementType;
				this.#state = 'body';
				return false;
			case 'map':
				this.#remaining += 2 * Math.max(0, value);
				return this.#endElement();
			case 'attribute':
				// It comes before an element and is not one.
				this.#remaining += 2 * Math.max(0, value);
				this.#state = 'type';
				return false;
			default:
				this.#remaining += Math.max(0, value);
				return this.#endElement();
		}
	}

	#endElement(): boolean {
		this.#state = 'type';
		this.#remaining--;
		return this.#remaining === 0;
	}

	#readWord(chunk: Buffer, from: number, take: number): void {
		const text = Math.min(take, Math.max(0, this.#left - 2), 16 - this.firstWord.length);
		if (text > 0) this.firstWord += chunk.toString('latin1', from, from + text);
	}

	#stop(offset: number, result: ReplyScan): ReplyScan {
		this.offset = offset;
		return result;
	}
}

const attribute = '|'.charCodeAt(0);

type Kind = 'line' | 'integer' | 'bulk' | 'aggregate' | 'map' | 'attribute';

const kinds: readonly (Kind | undefined)[] = table({
	'+': 'line',
	'-': 'line',
	_: 'line',
	'#': 'line',
	',': 'line',
	'(': 'line',
	':': 'integer',
	$: 'bulk',
	'=': 'bulk',
	'!': 'bulk',
	'*': 'aggregate',
	'~': 'aggregate',
	'>': 'aggregate',
	'%': 'map',
	'|': 'attribute',
});

function table(entries: Readonly<Record<string, Kind>>): (Kind | undefined)[] {
	const result = new Array<Kind | undefined>(256).fill(undefined);
	for (const [character, kind] of Object.entries(entries)) result[character.charCodeAt(0)] = kind;
	return result;
}
