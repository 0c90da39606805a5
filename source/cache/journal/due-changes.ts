import type {DirtyChange} from './dirty-change.js';

/** Changes that are ready to be reconciled. */
export type DueChanges = {
	readonly keys: readonly (readonly [string, DirtyChange])[];
	readonly markers: readonly (readonly [string, DirtyChange])[];
};

type Changes = ReadonlyMap<string, DirtyChange>;

/**
 * At most `limit` changes whose commands can no longer take effect.
 *
 * @param names Only these names. Default: all.
 */
export function dueIn(from: Changes, now: number, limit: number, names?: ReadonlySet<string>): DueChanges['keys'] {
	const taken: (readonly [string, DirtyChange])[] = [];
	for (const record of from) {
		if (record[1].finalAt <= now && names?.has(record[0]) !== false) taken.push(record);
		if (taken.length >= limit) break;
	}
	return taken;
}

/**
 * Milliseconds until the first change is due; `undefined` if there is none.
 *
 * @param names As for `dueIn`.
 */
export function waitUntilDue(all: readonly Changes[], now: number, names?: ReadonlySet<string>): number | undefined {
	let next: number | undefined;
	for (const from of all) {
		for (const [name, change] of from) {
			if (names?.has(name) === false) continue;
			const wait = Math.max(0, change.finalAt - now);
			if (next === undefined || wait < next) next = wait;
			if (next === 0) return 0;
		}
	}
	return next;
}
