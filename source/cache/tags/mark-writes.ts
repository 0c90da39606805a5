import {UnavailableError} from '../api/errors.js';
import type {CacheCore} from '../core.js';
import type {Namespace} from '../keys/namespace.js';
import {markScript} from '../scripts/scripts.js';
import {localNow} from '../support/server-clock.js';
import {markLifeMs} from './invalidation-times.js';

const none: readonly string[] = [];

/** Makes marks where there are none, and moves them. */
export class MarkWrites {
	readonly #core: CacheCore;
	readonly #ensuring = new Map<string, Promise<void>>();

	constructor(core: CacheCore) {
		this.#core = core;
	}

	/** The marks of a namespace and of tags that are not known to exist. */
	missing(space: Namespace, tags: readonly string[]): readonly string[] {
		const {marks} = this.#core;
		const now = localNow();
		if (tags.length === 0) return marks.needsEnsuring(space.keys.markKey, now) ? [space.keys.markKey] : none;
		return [space.keys.markKey, ...tags.map((tag) => space.keys.tagMark(tag))].filter((markKey) =>
			marks.needsEnsuring(markKey, now),
		);
	}

	/** Resolves when the marks of a namespace and of tags exist. Rejects when Redis cannot say so. */
	async ensureAll(space: Namespace, tags: readonly string[]): Promise<void> {
		const missing = this.missing(space, tags);
		if (missing.length > 0) await Promise.all(missing.map((markKey) => this.ensure(markKey)));
	}

	/** Makes a mark where there is none. One command for all who need it now. */
	ensure(markKey: string): Promise<void> {
		const core = this.#core;
		const running = this.#ensuring.get(markKey);
		if (running !== undefined) return running;
		const sequence = core.changes.now;
		const {epoch} = core.marks;
		const work = core.runner
			.run(markScript, markKey, [markLifeMs, '1'])
			.then((outcome) => {
				if (!outcome.done) throw outcome.error ?? new UnavailableError('Redis did not accept a mark in time');
				// It holds only if nobody has moved the mark since: the answer may have been slower than the news.
				const current = core.changes.changedSince(markKey, sequence) ? -1 : epoch;
				core.marks.moved(markKey, outcome.reply, localNow(), current);
			})
			.finally(() => this.#ensuring.delete(markKey));
		this.#ensuring.set(markKey, work);
		return work;
	}

	/**
	 * Everything under the mark that was obtained up to now becomes a miss.
	 *
	 * @returns Where that has been applied.
	 */
	async move(markKey: string, strict: boolean): Promise<'redis' | 'memory'> {
		const core = this.#core;
		if (strict && !core.connected) {
			if (core.degradation.starting) await core.degradation.startup;
			core.assertInUse();
		}
		core.owned.begin(markKey);
		core.pending++;
		const stamp = core.stamp();
		core.marks.moving(markKey, stamp, localNow());
		try {
			if (core.degradation.starting) await core.degradation.startup;
			const sequence = core.changes.now;
			const {epoch} = core.marks;
			const outcome = core.connected ? await core.runner.run(markScript, markKey, [markLifeMs, '0']) : undefined;
			if (outcome?.done === true) {
				core.degradation.success();
				core.rollback.markMoved(markKey);
				const current = core.changes.changedSince(markKey, sequence) ? -1 : epoch;
				core.marks.confirmed(markKey, stamp, outcome.reply, localNow(), current);
				return 'redis';
			}
			if (outcome?.error !== undefined) core.failed('invalidate', outcome.error, true, outcome.calls);
			core.dirty.noteMark(markKey, outcome?.settledAt ?? localNow());
			if (strict) throw outcome?.error ?? new UnavailableError('Redis did not invalidate in time: try again');
			return 'memory';
		} finally {
			core.pending--;
			core.owned.end(markKey);
		}
	}
}
