import type {ElementWatcher} from '../../resp/replies/watched-elements.js';
import type {ReplyFollower} from '../../resp/reply-follower.js';
import type {CommandRecord} from './command-record.js';

const simpleError = '-'.charCodeAt(0);
const bulkError = '!'.charCodeAt(0);

/** The parts of a reply that show hits and misses. */
export type Elements = {
	/** Length, count or number of the reply; -1 for null. */
	readonly size: number;
	/** True for each element that is null; undefined if elements were not recorded. */
	readonly nulls: readonly boolean[] | undefined;
};

/** Sets the hits and misses of a command that was answered without an error. */
export function setOutcome(record: CommandRecord, {size, nulls}: Elements): void {
	switch (record.spec.misses) {
		case undefined:
			return;
		case 'null':
			setOne(record, size === -1);
			return;
		case 'empty':
			setOne(record, size <= 0);
			return;
		case 'fields':
			setOne(record, nulls?.every((isNull) => isNull) ?? size <= 0);
			return;
		case 'each':
			if (nulls !== undefined) setEach(record, nulls);
	}
}

function setOne(record: CommandRecord, isMiss: boolean): void {
	if (isMiss) {
		record.misses = 1;
		record.missedKeys = record.keys;
	} else {
		record.hits = 1;
	}
}

function setEach(record: CommandRecord, nulls: readonly boolean[]): void {
	const misses = nulls.filter((isNull) => isNull).length;
	record.misses = misses;
	record.hits = nulls.length - misses;
	if (misses > 0) record.missedKeys = misses === nulls.length ? record.keys : record.keys.filter((_, at) => nulls[at]);
}

/** One result in the reply to EXEC. */
export type ExecResult = {
	/** Code of its error. */
	error: string | undefined;
	size: number;
	nulls: boolean[];
};

/** Limit of recorded elements of a reply. A longer reply shows no hits and misses. */
const maxElements = 65_536;

/** Records which elements of a reply are null, and the results in the reply to EXEC. */
export class ElementNotes implements ElementWatcher {
	nulls: boolean[] = [];
	results: ExecResult[] = [];
	#notesResults = false;
	#count = 0;

	/** Call it before a reply. @param notesResults True for EXEC. */
	begin(notesResults: boolean): void {
		this.#notesResults = notesResults;
		this.#count = 0;
		this.nulls = [];
		this.results = [];
	}

	/** True if the reply has more elements than were recorded. */
	get isOverfull(): boolean {
		return this.#count > maxElements;
	}

	element(depth: 1 | 2, type: number, size: number): void {
		if (++this.#count > maxElements) return;
		const isNull = size === -1 && type !== integer;
		if (!this.#notesResults) {
			if (depth === 1) this.nulls.push(isNull);
		} else if (depth === 2) {
			this.results.at(-1)?.nulls.push(isNull);
		} else {
			const isError = type === simpleError || type === bulkError;
			this.results.push({error: isError ? 'ERR' : undefined, size: isNull ? -1 : Math.max(0, size), nulls: []});
		}
	}

	error(text: string): void {
		const result = this.results.at(-1);
		if (result !== undefined) result.error = codeOf(text);
	}
}

const integer = ':'.charCodeAt(0);

/** The code of an error: its first word, if it looks like a code. */
export function codeOf(text: string): string {
	return /^[A-Z][A-Z0-9_]*(?= |$)/.exec(text)?.[0] ?? 'ERR';
}

/** Records an error or a redirection. Returns false for a redirection. */
export function setError(record: CommandRecord, code: string): boolean {
	if (code === 'MOVED' || code === 'ASK') {
		record.result = 'redirected';
		return false;
	}
	record.result = 'error';
	record.error = code;
	return true;
}

/** The parts of the last reply that show hits and misses. */
export function elementsOf(follower: ReplyFollower, notes: ElementNotes | undefined): Elements {
	const isNull = follower.size === -1 && follower.type !== integer;
	return {
		size: isNull ? -1 : Math.max(0, follower.size),
		nulls: notes === undefined || notes.isOverfull ? undefined : notes.nulls,
	};
}
