import {RecentMap} from '../../sketches/recent-map.js';
import type {CommandEvent} from '../../traffic.js';
import type {KeyUseKind} from '../keys/key-use.js';
import {Load} from './load.js';

/** Keys that are followed at once. Under more, those are forgotten that were used longest ago. */
const maxLoads = 10_000;

/** Milliseconds without a use of the key, after which a set is not taken for the fill of a miss any more. */
const maxLoadMs = 10_000;

/** Follows the keys that are being loaded. Memory: `maxLoads` keys with at most 64 misses each. */
export class Loads {
	readonly #loads = new RecentMap<Load>(maxLoads);

	/** The load of a key before the use of it is recorded. */
	of(key: string, event: CommandEvent): Load | undefined {
		const load = this.#loads.get(key);
		if (load === undefined || event.sentAt - load.lastAt <= maxLoadMs) return load;
		this.#loads.delete(key);
		return undefined;
	}

	/** To be called for each use of a key, after the rules have seen what led to it. */
	record(kind: KeyUseKind, key: string, event: CommandEvent): void {
		switch (kind) {
			case 'miss':
				this.#miss(key, event);
				return;
			case 'hit':
				this.#hit(key, event);
				return;
			case 'set':
				this.#set(key, event);
				return;
			case 'delete':
				this.#open(key, event).addChange('delete', event);
				return;
			case 'change':
			case 'script':
				this.#loads.delete(key);
		}
	}

	#miss(key: string, event: CommandEvent): void {
		if ((this.of(key, event)?.fills ?? 0) > 0) this.#loads.delete(key);
		this.#open(key, event).addMiss(event);
	}

	#hit(key: string, event: CommandEvent): void {
		const load = this.#loads.get(key);
		if (load === undefined) return;
		if (load.fills === 0 && load.changes.length === 0) this.#loads.delete(key);
		for (const miss of load.misses) if (miss.connection === event.connection) miss.isRenewed = true;
	}

	#set(key: string, event: CommandEvent): void {
		const load = this.of(key, event);
		if (load === undefined) return;
		load.lastAt = event.sentAt;
		const miss = load.openMissOf(event.connection);
		if (miss === undefined) {
			load.addChange('set', event);
		} else {
			miss.isFilled = true;
			load.fills++;
		}
	}

	#open(key: string, event: CommandEvent): Load {
		const known = this.of(key, event);
		const load = known ?? new Load();
		load.lastAt = event.sentAt;
		if (known === undefined) {
			this.#loads.set(key, load);
		}
		return load;
	}
}
