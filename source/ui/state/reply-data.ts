import type {DrillInfo} from './faults-state.js';
import type {KeyRow} from './keys-state.js';

/* Replies carry their data as `unknown`; what views need of it is checked here. */

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

const numberOr = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

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

/** The data of `keys`. */
export function readKeyPage(
	data: unknown,
): {readonly rows: readonly KeyRow[]; readonly cursor: string | undefined} | undefined {
	if (!isRecord(data) || !Array.isArray(data.rows)) return undefined;
	const cursor = data.cursor;
	return {rows: data.rows.flatMap(readKeyRow), cursor: typeof cursor === 'string' ? cursor : undefined};
}

/** The data of `drills`: a list of objects with a name and a summary. */
export function readDrills(data: unknown): readonly DrillInfo[] {
	const list = isRecord(data) && Array.isArray(data.drills) ? data.drills : data;
	if (!Array.isArray(list)) return [];
	return list.flatMap((value: unknown) =>
		isRecord(value) && typeof value.name === 'string'
			? [{name: value.name, summary: typeof value.summary === 'string' ? value.summary : ''}]
			: [],
	);
}
