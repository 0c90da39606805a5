import type {EntryOptions} from '../api/types.js';
import type {CacheCore} from '../core.js';
import type {Encoded} from '../entry/codec.js';
import {entryArgument} from '../entry/entry-argument.js';
import {milliseconds} from '../options/duration.js';
import {localNow} from '../support/server-clock.js';
import type {Flight} from './flights.js';
import type {Leases} from './leases.js';
import type {LoadOrder} from './load-order.js';

const nothingThere: Encoded = {codec: '-', compression: '-', payload: '', bytes: 0};

/** Keeps what loaders have loaded. */
export class LoadResults {
	readonly #core: CacheCore;
	readonly #leases: Leases;

	constructor(core: CacheCore, leases: Leases) {
		this.#core = core;
		this.#leases = leases;
	}

	/** Puts a loaded value where it may go: into Redis with the lease, into memory if nothing changed meanwhile. */
	async keep(
		flight: Flight,
		order: LoadOrder,
		value: unknown,
		options: EntryOptions | undefined,
		token: number,
		asOf: number,
	): Promise<void> {
		const core = this.#core;
		const {space, key, physical} = order;
		const absent = value === undefined;
		const negativeMs =
			order.options?.negativeTtl === undefined
				? core.settings.ttl.negativeMs
				: milliseconds(order.options.negativeTtl, 'negativeTtl');
		const encoded = absent ? nothingThere : core.settings.coder.encode(value);
		const given = absent
			? {ttlMs: core.settings.ttl.spread(negativeMs), graceMs: 0}
			: core.settings.ttl.lifetime(key, options);
		const isKept = given.ttlMs > 0;
		if (!flight.valid || (!isKept && order.lookup.seenVersion === 0)) {
			if (token > 0) await this.#leases.release(order.physical, token);
			return;
		}
		// What is not to be kept still takes the place of an older value, for the shortest time there is.
		const life = isKept ? given : {ttlMs: 1, graceMs: 0};
		const tags = options?.tags ?? [];
		const sequence = core.changes.now;
		let version = 0;
		if (token > 0 || (!core.mechanisms.leases && core.connected)) {
			version = await this.#leases.fill(
				order,
				[entryArgument(absent ? 'n' : 'v', encoded, life, tags), ...(token > 0 ? [token] : [])],
				tags,
			);
			if (version === 0) this.#leases.strand(physical, token);
			if (version <= 0) return;
		}
		if (space.tier === undefined || !flight.valid) return;
		const now = localNow();
		const believed =
			version > 0 &&
			asOf > core.marks.known(space.keys.markKey) &&
			tags.every((tag) => asOf > core.marks.known(space.keys.tagMark(tag))) &&
			!core.changes.changedSince(physical, sequence);
		// Reads that Redis carried out before the fill are not to be kept after it.
		core.changes.note(physical);
		space.tier.put(key, {
			kind: absent ? 'absent' : 'value',
			encoded: absent ? undefined : encoded,
			value: undefined,
			version,
			asOf,
			obtainedAt: now,
			heardAt: now,
			freshUntil: now + life.ttlMs,
			staleUntil: now + life.ttlMs + life.graceMs,
			ttlMs: life.ttlMs,
			tags,
			bytes: encoded.bytes,
			epoch: believed ? space.tier.epoch : -1,
			trustedUntil: core.trustUntil(now),
		});
	}
}
