import {anyPattern, type KeyPatterns} from '../../patterns.js';
import type {KeyUse} from './key-use.js';
import {PatternRecord} from './pattern-record.js';

/** What the tap knows of the application's keys, by pattern. Several rules judge by it. */
export class PatternRecords {
	readonly #records = new Map<string, PatternRecord>();

	constructor(patterns: KeyPatterns) {
		patterns.onMerge((from, into) => {
			const merged = this.#recordOf(into);
			for (const pattern of from) {
				const record = this.#records.get(pattern);
				if (record === undefined || record === merged) continue;
				merged.merge(record);
				this.#records.delete(pattern);
			}
		});
	}

	onKeyUse(use: KeyUse): void {
		this.#recordOf(use.pattern).onKeyUse(use);
	}

	/** All but the keys that fit no pattern, of which nothing can be said. */
	all(): readonly PatternRecord[] {
		return [...this.#records.values()].filter(({pattern}) => pattern !== anyPattern);
	}

	#recordOf(pattern: string): PatternRecord {
		let record = this.#records.get(pattern);
		if (record === undefined) {
			record = new PatternRecord(pattern);
			this.#records.set(pattern, record);
		}
		return record;
	}
}
