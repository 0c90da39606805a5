import type {DirtyChange, DirtyKind} from '../dirty-change.js';

/** A change as a journal file keeps it. */
export type JournalRecord = {readonly kind: DirtyKind; readonly name: string; readonly change: DirtyChange};

/**
 * One line of a journal file: `{kind: 'key' | 'mark', name, change: {asOf, settledAt}}`. The names are those of the first
 * version, so that its journals can be read: `mark` is a marker, `settledAt` is `finalAt`.
 */
export function formatLine({kind, name, change: {asOf, finalAt}}: JournalRecord): string {
	const line = {kind: kind === 'marker' ? 'mark' : kind, name, change: {asOf, settledAt: finalAt}};
	return `${JSON.stringify(line)}\n`;
}

/** @returns The latest record of each change, and the number of lines. Incomplete lines are skipped. */
export function parseLines(bytes: Buffer): {readonly records: Map<string, JournalRecord>; readonly lines: number} {
	const lines = bytes.toString('utf8').split('\n');
	const records = new Map<string, JournalRecord>();
	for (const line of lines) {
		const record = parseLine(line);
		if (record !== undefined) records.set(idOf(record), record);
	}
	return {records, lines: lines.length - 1};
}

export function idOf({kind, name}: Pick<JournalRecord, 'kind' | 'name'>): string {
	return `${kind} ${name}`;
}

/** @returns `undefined` for a line that does not end with a whole record. */
function parseLine(text: string): JournalRecord | undefined {
	// An incomplete record, left by a full disk, may precede it on the line. Within a record, quotes are escaped, so this text
	// cannot occur.
	const begin = Math.max(0, text.lastIndexOf('{"kind":'));
	return parseRecord(text.slice(begin));
}

function parseRecord(text: string): JournalRecord | undefined {
	try {
		const {kind, name, change} = JSON.parse(text) as {
			kind: unknown;
			name: unknown;
			change: {asOf: number; settledAt: number};
		};
		const {asOf, settledAt: finalAt} = change;
		const isWhole =
			(kind === 'key' || kind === 'mark') &&
			typeof name === 'string' &&
			Number.isFinite(asOf) &&
			Number.isFinite(finalAt);
		return isWhole ? {kind: kind === 'mark' ? 'marker' : kind, name, change: {asOf, finalAt}} : undefined;
	} catch {
		return undefined;
	}
}
