import {moment} from './moment.js';
import type {ChangeRecord, CleanRecord, NoteRecord, ReadRecord, SoakRecord} from './records.js';
import {isThere, rowKeys} from './rows.js';

/** Time after an acknowledged change in which another process may still read the older value from memory, without faults. */
export const calmLagMs = 100;
/** The same while a connection is faulty and that is not noticed yet: two pings and a deadline. */
export const troubledLagMs = 1400;

/** Reads are judged after this time, when all changes that concern them were reported. */
const patienceMs = 2500;
const keptMs = 15_000;
const keptRecords = 60_000;

/** `boundAt`: from then on no process may read anything older; `undefined`: not yet. */
type Change = ChangeRecord & {boundAt: number | undefined};

/** A read, and how late the judge's process and the server were when it was heard of. */
type HeardRead = ReadRecord & {readonly sluggishHere: number; readonly serverLateMs: number};

export type Verdict = {readonly what: string; readonly history: string};

export type JudgeOptions = {
	/** True if a fault of this cache's connections, or of the server, was active at any time in between. */
	readonly troubled: (cache: string, from: number, to: number) => boolean;
	readonly sluggish: () => number;
	/** Longest time that the server has lately taken to answer, in ms. */
	readonly serverLateMs: () => number;
};

/** Compares the values that were read with the changes that had been acknowledged. */
export class Judge {
	readonly verdicts: Verdict[] = [];
	readonly counts = {changes: 0, softChanges: 0, reads: 0, hits: 0, boundReads: 0, calmReads: 0, failures: 0};
	/** Longest time after an acknowledged change at which an older value was read, without faults, in ms. */
	worstLagMs = 0;
	readonly #options: JudgeOptions;
	readonly #changes: Map<number, Change>[] = rowKeys.map(() => new Map());
	readonly #latest: number[] = rowKeys.map(() => 0);
	/** Changes that were stored in memory only, until their cache has nothing dirty. */
	readonly #unbound = new Map<string, Change[]>();
	readonly #queue: HeardRead[] = [];
	readonly #log: (ChangeRecord | ReadRecord | NoteRecord)[] = [];

	constructor(options: JudgeOptions) {
		this.#options = options;
	}

	hear(record: SoakRecord): void {
		switch (record.type) {
			case 'change':
				this.#hearChange(record);
				break;
			case 'read':
				this.counts.reads++;
				if (typeof record.got !== 'string') this.counts.hits++;
				this.#remember(record);
				if (record.got !== 'miss')
					this.#queue.push({
						...record,
						sluggishHere: this.#options.sluggish(),
						serverLateMs: this.#options.serverLateMs(),
					});
				break;
			case 'clean':
				this.#hearClean(record);
				break;
			case 'failure':
				this.counts.failures++;
				this.#find(`${record.cache}: ${record.what}`, undefined, record.at);
				break;
			case 'note':
				this.#remember(record);
				break;
		}
	}

	/** Judges the reads that can be judged now; at the end all of them. */
	judge(all = false): void {
		const now = moment();
		let done = 0;
		for (const read of this.#queue) {
			if (!all && read.end > now - patienceMs) break;
			this.#judge(read);
			done++;
		}
		this.#queue.splice(0, done);
		this.#forget(now);
	}

	#hearChange(record: ChangeRecord): void {
		this.counts.changes++;
		if (record.soft) this.counts.softChanges++;
		const change: Change = {...record, boundAt: record.stored === 'redis' ? record.end : undefined};
		this.#changes[record.row]?.set(record.version, change);
		this.#latest[record.row] = Math.max(this.#latest[record.row] ?? 0, record.version);
		this.#remember(record);
		if (change.boundAt !== undefined) return;
		const waiting = this.#unbound.get(record.cache) ?? [];
		waiting.push(change);
		this.#unbound.set(record.cache, waiting);
	}

	#hearClean({cache, at}: CleanRecord): void {
		const waiting = this.#unbound.get(cache);
		if (waiting === undefined) return;
		const left = waiting.filter((change) => {
			if (change.end > at) return true;
			change.boundAt = at;
			return false;
		});
		if (left.length === 0) this.#unbound.delete(cache);
		else this.#unbound.set(cache, left);
	}

	#judge(read: HeardRead): void {
		const lag = this.#lag(read);
		if (read.clean) {
			this.counts.boundReads++;
			if (lag < troubledLagMs) this.counts.calmReads++;
		}
		if (read.got === 'no such row') {
			this.#judgeAbsence(read, lag);
			return;
		}
		if (read.got === 'miss') return;
		const {version, by} = read.got;
		const shown = this.#changes[read.row]?.get(version);
		for (let newer = this.#latest[read.row] ?? 0; newer > version; newer--) {
			const change = this.#changes[read.row]?.get(newer);
			if (change === undefined || (by === 'set' && !follows(change, shown))) continue;
			// A stale value may be older than a soft change, but not than any other.
			if (change.soft && !read.fresh) continue;
			if (change.cache === read.cache && change.end <= read.start) {
				this.#find(`${read.cache} read version ${version} after its own change to ${newer} (G2)`, read.row, read.end);
				return;
			}
			if (!read.clean || change.boundAt === undefined) continue;
			const after = read.start - change.boundAt;
			if (after > lag) {
				const [ms, allowed] = [Math.round(after), Math.round(lag)];
				this.#find(
					`${read.cache} read version ${version}, ${ms} ms after the change to ${newer} by ${change.cache} bound it; ${allowed} ms were allowed (G3)`,
					read.row,
					read.end,
				);
				return;
			}
			if (after > 0 && lag < 2 * calmLagMs) this.worstLagMs = Math.max(this.worstLagMs, after);
		}
	}

	/** "No such row" must have been true at some time since the last change that the read had to see. */
	#judgeAbsence(read: ReadRecord, lag: number): void {
		let floor = 0;
		for (const change of this.#changes[read.row]?.values() ?? []) {
			const own = change.cache === read.cache && change.end <= read.start;
			const bound = read.clean && change.boundAt !== undefined && read.start - change.boundAt > lag;
			if (own || bound) floor = Math.max(floor, change.version);
		}
		for (let version = floor; version <= read.originVersion; version++) if (!isThere(version)) return;
		this.#find(
			`${read.cache} read that there is no row, but there has been one from version ${floor} to ${read.originVersion}`,
			read.row,
			read.end,
		);
	}

	#lag(read: HeardRead): number {
		const slow = 2 * Math.max(read.sluggish, read.sluggishHere) + read.serverLateMs;
		const troubled = this.#options.troubled(read.cache, read.start - troubledLagMs, read.end);
		return (troubled ? troubledLagMs : calmLagMs) + slow;
	}

	#find(what: string, row: number | undefined, at: number): void {
		if (this.verdicts.length < 10) this.verdicts.push({what, history: this.#history(row, at)});
	}

	#remember(record: ChangeRecord | ReadRecord | NoteRecord): void {
		this.#log.push(record);
		if (this.#log.length > keptRecords) this.#log.splice(0, keptRecords / 10);
	}

	#forget(now: number): void {
		for (const changes of this.#changes)
			for (const [version, change] of changes)
				if (change.boundAt !== undefined && change.boundAt < now - keptMs && changes.size > 50) changes.delete(version);
	}

	/** The last three seconds of a row, and of its surroundings, before a moment. */
	#history(row: number | undefined, at: number): string {
		const from = at - 3000;
		const lines = this.#log
			.filter((record) => record.type === 'note' || record.row === row)
			.map((record) => ({at: record.type === 'note' ? record.at : record.end, text: describe(record, at)}))
			.filter((line) => line.at >= from && line.at <= at + 50)
			.sort((a, b) => a.at - b.at)
			.map(({text}) => text);
		const {name, namespace, tags} = rowKeys[row ?? 0] ?? {};
		const head = row === undefined ? 'all caches' : `${namespace}/${name}, tags ${tags?.join(' ') || 'none'}`;
		return [`history of ${head} (ms before it was found)`, ...lines.slice(-80)].join('\n');
	}
}

/** True if a set cannot have been executed after the change: by order within a cache, by time between caches. */
function follows(change: ChangeRecord, set: ChangeRecord | undefined): boolean {
	if (set === undefined) return false;
	return change.cache === set.cache ? change.turn > set.turn : change.start >= set.end;
}

function describe(record: ChangeRecord | ReadRecord | NoteRecord, origin: number): string {
	const at = (moment: number) => (moment - origin).toFixed(1).padStart(8);
	if (record.type === 'note') return `${at(record.at)}           ${record.cache.padEnd(8)} ${record.text}`;
	const span = `${at(record.start)} ${at(record.end)}`;
	if (record.type === 'change')
		return `${span}  ${record.cache.padEnd(8)} ${record.kind}${record.soft ? ' (soft)' : ''} -> version ${record.version}, stored in ${record.stored}`;
	const got =
		typeof record.got === 'string'
			? record.got
			: `version ${record.got.version} by ${record.got.by}${record.fresh ? ', fresh' : ''}`;
	return `${span}  ${record.cache.padEnd(8)} ${record.kind}: ${got}${record.clean ? '' : ' (not clean)'}`;
}
