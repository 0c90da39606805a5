import type {KnownKey} from '../../known-keys.js';
import type {CommandEvent} from '../../traffic.js';
import type {KeyUseKind} from '../keys/key-use.js';
import {Load} from './load.js';

/** Most loads that are tracked at the same time. Beyond that, the oldest are dropped. */
const maxLoads = 8192;

/** Milliseconds without a use of the key, after which a set no longer counts as the fill of a miss. */
const maxLoadMs = 10_000;

/** Follows the keys that are being loaded. Memory: `maxLoads` loads with at most 24 misses each. */
export class Loads {
	/** Ring buffer of the keys whose loads began last. */
	readonly #begun = new Array<KnownKey | undefined>(maxLoads).fill(undefined);
	#next = 0;

	/** The load of a key before the use of it is recorded. */
	of(key: KnownKey, event: CommandEvent): Load | undefined {
		const {load} = key;
		if (load === undefined || event.sentAt - load.lastAt <= maxLoadMs) return load;
		this.#end(key, load);
		return undefined;
	}

	/** Call it for each use of a key, after the rules have read the load as it was before that use. */
	record(kind: KeyUseKind, key: KnownKey, event: CommandEvent): void {
		switch (kind) {
			case 'miss':
				this.#miss(key, event);
				return;
			case 'hit':
				if (key.load !== undefined) this.#hit(key, key.load, event);
				return;
			case 'set':
				this.#set(key, event);
				return;
			case 'delete':
				this.#open(key, event).addChange('delete', event);
				return;
			case 'change':
			case 'script':
				if (key.load !== undefined) this.#end(key, key.load);
		}
	}

	#miss(key: KnownKey, event: CommandEvent): void {
		if (key.load !== undefined && key.load.fills > 0) this.#end(key, key.load);
		this.#open(key, event).addMiss(event);
	}

	#hit(key: KnownKey, load: Load, event: CommandEvent): void {
		if (load.fills === 0 && load.changes.length === 0) this.#end(key, load);
		for (const miss of load.misses) if (miss.connection === event.connection) miss.isRenewed = true;
	}

	#set(key: KnownKey, event: CommandEvent): void {
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

	#open(key: KnownKey, event: CommandEvent): Load {
		const load = this.of(key, event) ?? this.#begin(key);
		load.lastAt = event.sentAt;
		return load;
	}

	#begin(key: KnownKey): Load {
		const place = this.#next;
		this.#next = (place + 1) % maxLoads;
		const oldest = this.#begun[place];
		if (oldest?.load?.place === place) oldest.load = undefined;
		const load = new Load(place);
		key.load = load;
		this.#begun[place] = key;
		return load;
	}

	#end(key: KnownKey, load: Load): void {
		key.load = undefined;
		if (this.#begun[load.place] === key) this.#begun[load.place] = undefined;
	}
}
