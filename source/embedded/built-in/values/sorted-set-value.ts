import {Dict, type DictNode} from '../store/dict.js';

export type Scored = DictNode & {score: number};

const maxListpackEntries = 128;
const maxListpackValue = 64;
const memberOverhead = 12;
const tableMemberOverhead = 96;

/** Members by name, and in an array sorted by score, then by name. */
export class SortedSetValue {
	readonly type = 'zset';
	readonly #members = new Dict<Scored>();
	#order: Scored[] = [];
	encoding: 'listpack' | 'skiplist' = 'listpack';
	#payload = 0;

	get size(): number {
		return this.#order.length;
	}

	/** Estimate of its memory in Redis. */
	get bytes(): number {
		const overhead = this.encoding === 'listpack' ? memberOverhead : tableMemberOverhead;
		return 32 + this.#payload + this.size * overhead;
	}

	score(member: string): number | undefined {
		return this.#members.get(member)?.score;
	}

	/** Adds a member, or changes its score. */
	set(member: string, given: number): void {
		// A listpack stores whole numbers as integers, so it cannot represent negative zero.
		const score = given === 0 && this.encoding === 'listpack' ? 0 : given;
		let node = this.#members.get(member);
		if (node) {
			if (node.score === score) return;
			this.#order.splice(this.#indexOf(node), 1);
			node.score = score;
		} else {
			node = {key: member, score, sequence: 0, slot: 0};
			this.#members.add(node);
			this.#payload += member.length;
		}
		this.#order.splice(this.lowerBound(score, member), 0, node);
		if (member.length > maxListpackValue || this.size > maxListpackEntries) this.encoding = 'skiplist';
	}

	delete(member: string): boolean {
		const node = this.#members.get(member);
		if (!node) return false;
		this.#order.splice(this.#indexOf(node), 1);
		this.#members.delete(member);
		this.#payload -= member.length;
		return true;
	}

	/** Rank counted from the lowest score; undefined if it is not a member. */
	rank(member: string): number | undefined {
		const node = this.#members.get(member);
		return node && this.#indexOf(node);
	}

	at(index: number): Scored | undefined {
		return this.#order[index];
	}

	/** Nodes from `start` up to but not including `end`. */
	slice(start: number, end: number): Scored[] {
		return this.#order.slice(start, end);
	}

	/** Nodes from `start` up to but not including `end`. */
	removeRange(start: number, end: number): Scored[] {
		const removed = this.#order.splice(start, Math.max(0, end - start));
		for (const {key} of removed) {
			this.#members.delete(key);
			this.#payload -= key.length;
		}
		return removed;
	}

	/** The first position that is not before the score and the name: where a member is inserted. */
	lowerBound(score: number, member = ''): number {
		return this.partition((node) => node.score < score || (node.score === score && node.key < member));
	}

	/**
	 * Binary search for the first position where `before` is false. It must be true for all positions before and false
	 * after.
	 */
	partition(before: (node: Scored) => boolean): number {
		let low = 0;
		let high = this.#order.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const node = this.#order[middle];
			if (node && before(node)) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	random(): Scored | undefined {
		return this.#members.random();
	}

	scan(cursor: number, count: number, visit: (node: Scored) => void): number {
		return this.#members.scan(cursor, count, visit);
	}

	clone(): SortedSetValue {
		const copy = new SortedSetValue();
		for (const {key, score} of this.#order) copy.set(key, score);
		copy.encoding = this.encoding;
		return copy;
	}

	#indexOf(node: Scored): number {
		return this.lowerBound(node.score, node.key);
	}
}
