import {anyPattern, type KeyPatterns} from '../../patterns.js';
import type {KeyUse} from './key-use.js';
import {PatternRecord} from './pattern-record.js';

/** Records of the application's keys, by pattern, which several rules use. */
export class PatternRecords {
	readonly #records = new Map<string, PatternRecord>();
	/** The record that was used last. */
	#last: PatternRecord | undefined;

	constructor(patterns: KeyPatterns) {
		patterns.onMerge((from, into) => {
			const merged = this.#recordOf(into);
			for (const pattern of from) {
				const record = this.#records.get(pattern);
				if (record === undefined || record === merged) continue;
				merged.merge(record);
				this.#records.delete(pattern);
				this.#last = undefined;
			}
		});
	}

	onKeyUse(use: KeyUse): void {
		this.#recordOf(use.known.pattern).onKeyUse(use);
	}

	/** All patterns, except the one for other keys. */
	all(): readonly PatternRecord[] {
		return [...this.#records.values()].filter(({pattern}) => pattern !== anyPattern);
	}

	#recordOf(pattern: string): PatternRecord {
		if (this.#last?.pattern === pattern) return this.#last;
		let record = this.#records.get(pattern);
		if (record === undefined) {
			record = new PatternRecord(pattern);
			this.#records.set(pattern, record);
		}
		this.#last = record;
		return record;
	}
}
