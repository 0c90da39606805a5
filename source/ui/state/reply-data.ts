import type {EntryFacts} from '../../engine/entry-facts.js';
import type {KeyTreePage} from '../../inspect/keys/key-tree.js';
import {count} from '../format.js';
import type {DrillInfo} from './faults-state.js';
import type {KeyRow} from './keys-state.js';

/* Replies carry their data as `unknown`; what views need of it is checked here. */

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

const numberOr = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function readKeyRow(value: unknown): KeyRow[] {
	if (!isRecord(value) || typeof value.key !== 'string') return [];
	return [
		{
			key: value.key,
			type: typeof value.type === 'string' ? value.type : 'unknown',
			ttlMs: numberOr(value.ttlMs),
			bytes: numberOr(value.bytes),
		},
	];
}

export type KeyListing = {
	readonly rows: readonly KeyRow[];
	readonly cursor: string | undefined;
	/** Keys looked at. */
	readonly scanned: number;
};

/** The data of `keys` and of `top`. */
export function readKeyPage(data: unknown): KeyListing | undefined {
	if (!isRecord(data) || !Array.isArray(data.rows)) return undefined;
	const cursor = data.cursor;
	return {
		rows: data.rows.flatMap(readKeyRow),
		cursor: textOr(cursor),
		scanned: numberOr(data.scanned) ?? data.rows.length,
	};
}

/** The data of `tree`. */
export function readTreePage(data: unknown): KeyTreePage | undefined {
	if (!isRecord(data) || !Array.isArray(data.groups) || !Array.isArray(data.rows)) return undefined;
	const groups = data.groups.flatMap((group: unknown) =>
		isRecord(group) &&
		typeof group.name === 'string' &&
		typeof group.prefix === 'string' &&
		typeof group.pattern === 'string'
			? [{name: group.name, prefix: group.prefix, pattern: group.pattern, keys: numberOr(group.keys) ?? 0}]
			: [],
	);
	return {
		prefix: textOr(data.prefix) ?? '',
		groups,
		rows: data.rows.flatMap(readKeyRow),
		unlisted: numberOr(data.unlisted) ?? 0,
		keys: numberOr(data.keys) ?? 0,
		cursor: textOr(data.cursor),
	};
}

/** What is known of the key that is open, besides its value. */
export type KeyFacts = {
	readonly type: string;
	readonly encoding: string | undefined;
	readonly ttlMs: number | undefined;
	readonly bytes: number | undefined;
	readonly length: string;
	/** For an entry of the cache. */
	readonly entry: EntryFacts | undefined;
	/** The string as a whole, when it can be edited in one line. */
	readonly text: string | undefined;
};

const isEntry = (value: unknown): value is EntryFacts =>
	isRecord(value) && typeof value.version === 'number' && Array.isArray(value.tags);

/** The data of `inspect`. */
export function readKeyFacts(data: unknown): KeyFacts | undefined {
	if (!isRecord(data) || typeof data.type !== 'string') return undefined;
	const preview = isRecord(data.preview) ? data.preview : {};
	const parts: readonly unknown[] = Array.isArray(preview.parts) ? preview.parts : [];
	const [part] = parts;
	return {
		type: data.type,
		encoding: textOr(data.encoding),
		ttlMs: numberOr(data.ttlMs),
		bytes: numberOr(data.bytes),
		length: `${count(numberOr(preview.length))} ${textOr(preview.unit) ?? ''}`,
		entry: isEntry(data.entry) ? data.entry : undefined,
		text: data.type === 'string' && isRecord(part) ? textOr(part.value) : undefined,
	};
}

/** How many keys match, and some of them: the data of `count`. */
export function readKeyCount(
	data: unknown,
): {readonly keys: number; readonly isComplete: boolean; readonly sample: readonly string[]} | undefined {
	if (!isRecord(data) || typeof data.keys !== 'number' || !Array.isArray(data.sample)) return undefined;
	return {
		keys: data.keys,
		isComplete: data.complete === true,
		sample: data.sample.filter((name: unknown) => typeof name === 'string'),
	};
}

const recordsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
	Array.isArray(value) ? value.filter(isRecord) : [];

/** The data of `drills`: a list of objects with at least a name. */
export function readDrills(data: unknown): readonly DrillInfo[] {
	return recordsOf(data).flatMap(({name, summary, durationMs, steps, expectations}) => {
		if (typeof name !== 'string') return [];
		return [
			{
				name,
				summary: textOr(summary) ?? '',
				durationMs: numberOr(durationMs) ?? 0,
				steps: recordsOf(steps).map((each) => ({
					atMs: numberOr(each.atMs) ?? 0,
					forMs: numberOr(each.forMs),
					label: textOr(each.label) ?? '',
					kind: each.kind === 'workload' ? 'workload' : 'fault',
				})),
				expectations: recordsOf(expectations).map((each) => ({name: textOr(each.name) ?? ''})),
			},
		];
	});
}
