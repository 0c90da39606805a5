import type {CommandEvent} from '../../traffic.js';
import {KeySample} from './key-sample.js';
import type {KeyUse} from './key-use.js';

/** Reads of a pattern in one span of time. */
export type ReadSpan = {readonly from: number; reads: number; hits: number};

/** Milliseconds of one span, and spans that are kept. */
export const spanMs = 5000;
const maxSpans = 4;

/** Record of the keys of one pattern, with a sample of them. */
export class PatternRecord {
	/** Reads whose reply shows if the key existed; hits among them; and reads whose reply does not show it. */
	reads = 0;
	hits = 0;
	looks = 0;
	/** Sets, and those without a TTL. */
	sets = 0;
	setsWithTtl = 0;
	deletes = 0;
	/** Uses that a plain cache does not have: locks, counters, queues, scripts. */
	others = 0;
	firstSetAt: number | undefined;
	lastSetAt = 0;
	lastReadAt = 0;
	readonly sample = new KeySample();
	/** The latest spans of time in which it was read, oldest first. */
	readonly spans: ReadSpan[] = [];

	constructor(readonly pattern: string) {}

	onKeyUse(use: KeyUse): void {
		this.#count(use);
		const key = this.sample.recordOf(use.known);
		if (key === undefined) return;
		switch (use.kind) {
			case 'miss':
				key.reads++;
				key.missesInRow++;
				key.isThere = false;
				return;
			case 'look':
				key.reads++;
				return;
			case 'hit':
				key.reads++;
				key.hits++;
				key.missesInRow = 0;
				key.isThere = true;
				if (typeof use.event.ttlMs === 'number') key.ttl = 'given';
				return;
			case 'set':
				key.sets++;
				if (use.load?.hasOpenMiss) key.fills++;
				key.ttl = ttlAfter(use.event, key.isThere || !isKnownAbsent(key) ? key.ttl : 'none');
				key.missesInRow = 0;
				key.isThere = true;
				return;
			case 'delete':
				key.isThere = false;
				key.wasDeleted = true;
				return;
			case 'expire':
				key.ttl = ttlAfter(use.event, key.ttl);
				return;
			default:
				key.isThere = true;
				key.missesInRow = 0;
				key.ttl = 'unknown';
		}
	}

	/** Merges the record of another pattern, whose keys now have this one. */
	merge(other: PatternRecord): void {
		this.reads += other.reads;
		this.hits += other.hits;
		this.looks += other.looks;
		this.sets += other.sets;
		this.setsWithTtl += other.setsWithTtl;
		this.deletes += other.deletes;
		this.others += other.others;
		this.firstSetAt = Math.min(this.firstSetAt ?? Infinity, other.firstSetAt ?? Infinity);
		if (this.firstSetAt === Infinity) this.firstSetAt = undefined;
		this.lastSetAt = Math.max(this.lastSetAt, other.lastSetAt);
		this.lastReadAt = Math.max(this.lastReadAt, other.lastReadAt);
		this.sample.merge(other.sample);
	}

	#count({kind, event}: KeyUse): void {
		switch (kind) {
			case 'hit':
			case 'miss':
				this.reads++;
				if (kind === 'hit') this.hits++;
				this.lastReadAt = event.sentAt;
				this.#countInSpan(kind, event.sentAt);
				return;
			case 'look':
				this.looks++;
				this.lastReadAt = event.sentAt;
				return;
			case 'set':
				this.sets++;
				if (typeof event.ttlMs === 'number') this.setsWithTtl++;
				this.firstSetAt ??= event.sentAt;
				this.lastSetAt = event.sentAt;
				return;
			case 'delete':
				this.deletes++;
				return;
			case 'change':
			case 'script':
				this.others++;
		}
	}

	#countInSpan(kind: 'hit' | 'miss', at: number): void {
		let span = this.spans.at(-1);
		if (span === undefined || at - span.from >= spanMs) {
			if (this.spans.length === maxSpans) this.spans.shift();
			span = {from: at, reads: 0, hits: 0};
			this.spans.push(span);
		}
		span.reads++;
		if (kind === 'hit') span.hits++;
	}
}

type Ttl = 'none' | 'given' | 'unknown';

function ttlAfter({ttlMs}: CommandEvent, before: Ttl): Ttl {
	if (typeof ttlMs === 'number') return 'given';
	if (ttlMs === 'kept' || ttlMs === undefined) return before;
	return ttlMs;
}

function isKnownAbsent(key: {readonly missesInRow: number; readonly wasDeleted: boolean}): boolean {
	return key.missesInRow > 0 || key.wasDeleted;
}
