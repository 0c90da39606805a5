import {Dict, type DictNode} from '../store/dict.js';

type HashField = DictNode & {value: string};

const maxListpackEntries = 512;
const maxListpackValue = 64;
const fieldOverhead = 4;
const tableFieldOverhead = 56;

export class HashValue {
	readonly type = 'hash';
	readonly fields = new Dict<HashField>();
	encoding: 'listpack' | 'hashtable' = 'listpack';
	#payload = 0;

	get size(): number {
		return this.fields.size;
	}

	/** Estimate of its memory in Redis. */
	get bytes(): number {
		return 32 + this.#payload + this.size * (this.encoding === 'listpack' ? fieldOverhead : tableFieldOverhead);
	}

	get(field: string): string | undefined {
		return this.fields.get(field)?.value;
	}

	/** Returns true if the field is new. */
	set(field: string, value: string): boolean {
		const known = this.fields.get(field);
		if (known) {
			this.#payload += value.length - known.value.length;
			known.value = value;
		} else {
			this.fields.add({key: field, value, sequence: 0, slot: 0});
			this.#payload += field.length + value.length;
		}
		if (field.length > maxListpackValue || value.length > maxListpackValue || this.size > maxListpackEntries) {
			this.encoding = 'hashtable';
		}
		return !known;
	}

	delete(field: string): boolean {
		const known = this.fields.delete(field);
		if (!known) return false;
		this.#payload -= field.length + known.value.length;
		return true;
	}

	clone(): HashValue {
		const copy = new HashValue();
		for (const {key, value} of this.fields) copy.set(key, value);
		copy.encoding = this.encoding;
		return copy;
	}
}
