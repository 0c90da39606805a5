import {isIntegerText} from '../numbers/integer.js';
import {Dict, type DictNode} from '../store/dict.js';

const maxIntsetEntries = 512;
const integerBytes = 8;
const tableMemberOverhead = 48;

export class SetValue {
	readonly type = 'set';
	readonly #members = new Dict<DictNode>();
	encoding: 'intset' | 'hashtable' = 'intset';
	#payload = 0;

	static of(members: Iterable<string>): SetValue {
		const made = new SetValue();
		for (const member of members) made.add(member);
		return made;
	}

	get size(): number {
		return this.#members.size;
	}

	/** Estimate of its memory in Redis. */
	get bytes(): number {
		return (
			32 + (this.encoding === 'intset' ? this.size * integerBytes : this.#payload + this.size * tableMemberOverhead)
		);
	}

	has(member: string): boolean {
		return this.#members.has(member);
	}

	/** Returns true if the member is new. */
	add(member: string): boolean {
		if (this.#members.has(member)) return false;
		this.#members.add({key: member, sequence: 0, slot: 0});
		this.#payload += member.length;
		if (this.encoding === 'intset' && (this.size > maxIntsetEntries || !isIntegerText(member))) {
			this.encoding = 'hashtable';
		}
		return true;
	}

	delete(member: string): boolean {
		if (!this.#members.delete(member)) return false;
		this.#payload -= member.length;
		return true;
	}

	/** Members: sorted if all are integers, as in Redis; else in the order of their insertion. */
	members(): string[] {
		const members = Array.from(this.#members, ({key}) => key);
		if (this.encoding === 'intset') members.sort(byInteger);
		return members;
	}

	random(): string | undefined {
		return this.#members.random()?.key;
	}

	scan(cursor: number, count: number, visit: (member: string) => void): number {
		return this.#members.scan(cursor, count, ({key}) => visit(key));
	}

	clone(): SetValue {
		const copy = SetValue.of(Array.from(this.#members, ({key}) => key));
		copy.encoding = this.encoding;
		return copy;
	}
}

function byInteger(a: string, b: string): number {
	const difference = Number(a) - Number(b);
	if (difference !== 0) return difference;
	const exact = BigInt(a) - BigInt(b);
	return exact < 0n ? -1 : Number(exact > 0n);
}
