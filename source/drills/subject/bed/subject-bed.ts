import {randomUUID} from 'node:crypto';
import {Workload} from '../../../workload/workload.js';
import {cacheOptionsOf, type Drill, workloadOptionsOf} from '../../drill.js';
import type {CacheFigures, DrillHost, SubjectHost} from '../../drill-host.js';
import type {ExpectationField} from '../../expectation-fields.js';
import {retryWhileConnecting} from '../../http/retry.js';
import {tryCalls} from '../open-subject.js';
import type {OpenedSubject, SubjectEnd} from '../subject.js';
import {SubjectError} from '../subject-error.js';
import type {SubjectReport} from '../subject-report.js';
import {ReachWatch} from './reach-watch.js';
import {SubjectCache} from './subject-cache.js';

/** Milliseconds for rereading the changed keys, in each process. */
const rereadMs = 3000;

/** Milliseconds for deleting what the drill wrote. */
const removeMs = 5000;
const removalsAtOnce = 50;

/** The ways to open a subject. */
export type SubjectOpener = {
	/** Its name in reports and messages. */
	readonly name: string;
	/** Opens it in the process that makes the calls, through the fault proxy. */
	readonly open: () => Promise<OpenedSubject>;
	/** True if it runs already, and must still connect to the proxy. */
	readonly isRunning?: boolean;
	/** Opens it in another process, bypassing the proxy. Undefined if that is not possible. */
	readonly openElsewhere?: (() => Promise<OpenedSubject>) | undefined;
};

type Parts = {
	readonly opener: SubjectOpener;
	readonly subject: OpenedSubject;
	/** The subject in another process. */
	readonly writer: OpenedSubject | undefined;
	readonly drill: Drill;
	readonly prefix: string;
};

/** Runs a drill on a user's cache instead of that of this program: its traffic, and its behavior as observed from outside. */
export class SubjectBed implements SubjectHost, Pick<DrillHost, 'cacheSnapshot' | 'onMode' | 'workload'> {
	readonly workload: Workload;
	readonly #opener: SubjectOpener;
	readonly #subject: OpenedSubject;
	readonly #writer: OpenedSubject | undefined;
	readonly #cache: SubjectCache;
	readonly #reach: ReachWatch;
	readonly #notes: string[] = [];
	#returned: SubjectReport['returned'];
	#ended: SubjectEnd | undefined;

	/**
	 * Opens a subject for a drill and makes one call of each kind.
	 *
	 * @throws {SubjectError} Nothing is left open then.
	 */
	static async open(opener: SubjectOpener, drill: Drill): Promise<SubjectBed> {
		if (drill.expectations.every(({field}) => whyLeftOut(field, opener) !== undefined))
			throw new SubjectError(opener.name, `drill ${drill.name} has no expectation that can be checked on a subject`);
		const prefix = `rct-drill-${randomUUID().slice(0, 8)}:`;
		const opened: OpenedSubject[] = [];
		const keep = async (opening: Promise<OpenedSubject>): Promise<OpenedSubject> => {
			const subject = await opening;
			opened.push(subject);
			return subject;
		};
		try {
			const [subject, writer] = await Promise.all([
				keep(opener.open()),
				opener.openElsewhere && keep(opener.openElsewhere()),
			]);
			const attempt = () => tryCalls(subject, opener.name, `${prefix}check`, ttlOf(drill));
			await (opener.isRunning ? retryWhileConnecting(attempt) : attempt());
			return new SubjectBed({opener, subject, writer, drill, prefix});
		} catch (error) {
			await Promise.all(opened.map((each) => each.close()));
			throw error;
		}
	}

	private constructor({opener, subject, writer, drill, prefix}: Parts) {
		this.#opener = opener;
		this.#subject = subject;
		this.#writer = writer;
		const ttlMs = ttlOf(drill);
		this.#cache = new SubjectCache(subject, ttlMs);
		const reads = subject.canLoad ? {} : {plainReads: 1};
		this.workload = new Workload(this.#cache, {...workloadOptionsOf(drill), ...reads, keyPrefix: `${prefix}item:`});
		this.#reach = new ReachWatch({subject, writer: writer ?? subject, keyPrefix: prefix, ttlMs});
		if (!subject.canLoad) this.#notes.push('it has no getOrSet: loads and stampedes were not tested');
		if (opener.openElsewhere === undefined)
			this.#notes.push('it was not opened in a second process: values that another process reads were not tested');
	}

	/** Calls the listener if its process ends during the drill. */
	onEnded(listener: (end: SubjectEnd) => void): void {
		this.#subject.onEnded((end) => {
			this.#ended = end;
			listener(end);
		});
	}

	cacheSnapshot(): CacheFigures {
		return {
			mode: {mode: this.#reach.mode},
			counters: {
				hitsMemory: 0,
				hitsRedis: this.#cache.hits,
				misses: this.#cache.misses,
				timeouts: 0,
				errors: 0,
				shed: 0,
			},
			journal: {size: 0, max: 0, overflowed: 0, reconciled: 0},
		};
	}

	onMode(listener: Parameters<DrillHost['onMode']>[0]): () => void {
		return this.#reach.onMode(listener);
	}

	whyLeftOut(field: ExpectationField): string | undefined {
		return whyLeftOut(field, this.#opener);
	}

	async reread(): Promise<void> {
		const own = await this.workload.reread((key) => this.#subject.get(key), rereadMs);
		const other = await this.#rereadElsewhere();
		this.#returned = {keys: own.keys, ownProcess: own.old, otherProcess: other};
		if (own.isCut) this.#notes.push(`after ${rereadMs / 1000} s not all changed keys had been read again`);
	}

	report(): SubjectReport {
		return {
			subject: {
				name: this.#opener.name,
				notes: this.#notes,
				...(this.#ended === undefined ? {} : {ended: this.#ended}),
			},
			...(this.#returned === undefined ? {} : {returned: this.#returned}),
		};
	}

	/** Deletes the keys of the drill, as far as possible in five seconds. Returns false if keys may be left. */
	async removeKeys(): Promise<boolean> {
		await this.#reach.close();
		const remover = this.#writer ?? this.#subject;
		const keys = [...this.workload.keyNames(), ...this.#reach.keyNames()];
		const rest = keys[Symbol.iterator]();
		const end = performance.now() + removeMs;
		let failed = 0;
		const work = async (): Promise<void> => {
			for (const key of rest) {
				await remover.delete(key).catch(() => failed++);
				if (performance.now() > end) return;
			}
		};
		const late = new Promise<void>((resolve) => {
			setTimeout(resolve, removeMs).unref();
		});
		await Promise.race([Promise.all(Array.from({length: removalsAtOnce}, work)), late]);
		return rest.next().done === true && failed === 0;
	}

	/** Returns a line for each process that did not close in order. */
	async close(): Promise<readonly string[]> {
		this.workload.close();
		await this.#reach.close();
		const faults = await Promise.all([this.#subject.close(), this.#writer?.close()]);
		return [...new Set(faults.filter((fault) => fault !== undefined))];
	}

	/** Opens it again, with an empty memory. */
	async #rereadElsewhere(): Promise<number | null> {
		if (this.#opener.openElsewhere === undefined) return null;
		let reader: OpenedSubject;
		try {
			reader = await this.#opener.openElsewhere();
		} catch (error) {
			this.#notes.push(`after the drill it cannot be opened in another process: ${(error as Error).message}`);
			return null;
		}
		const {old} = await this.workload.reread((key) => reader.get(key), rereadMs);
		await reader.close();
		return old;
	}
}

function whyLeftOut(field: ExpectationField, {openElsewhere}: SubjectOpener): string | undefined {
	if (field.startsWith('modes.')) return 'a subject has no modes';
	if (field.startsWith('journal.')) return 'the journal of a subject, if it has one, is not known';
	if (field === 'unstoredChanges' || field === 'answeredBeforeFault')
		return 'a subject does not report where a change was stored';
	if (field === 'returned.otherProcess' && openElsewhere === undefined)
		return 'the subject was not opened in another process';
	return undefined;
}

/** Milliseconds that values of a drill live. */
function ttlOf(drill: Drill): number {
	const {default: ttlMs} = cacheOptionsOf(drill).ttl as {readonly default: number};
	return drill.workload.ttl ?? ttlMs;
}
