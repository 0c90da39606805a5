import {clusterSlot} from '../../../pool/cluster-slot.js';
import {isRefusalOfKeys} from '../../../pool/commands/reply-error.js';
import {ServerError} from '../../../pool/errors.js';
import type {Pool} from '../../../pool/types.js';

/** Why a command was refused as a whole, if splitting it may help: by slots, or down to single keys. */
export type Refusal = 'slots' | 'keys';

/** The MGETs of a batch: the keys of each, and their positions in the batch. */
export type SlotCommands = {
	readonly keys: readonly (readonly string[])[];
	readonly positions: readonly (readonly number[])[];
};

/**
 * Decides which keys may share a batch. In a cluster these are the keys of one node. Otherwise all keys may, until a command is
 * refused because of its keys: then keys of different slots (behind a sharding proxy) get separate commands, and so do keys of
 * different namespaces (if the user has rights to some of them only).
 */
export class BatchGroups {
	#areSlotsApart: boolean;
	#areNamespacesApart = false;

	readonly #pool: Pick<Pool, 'topology' | 'nodeOf'>;

	constructor(pool: Pick<Pool, 'topology' | 'nodeOf'>) {
		this.#pool = pool;
		this.#areSlotsApart = pool.topology === 'cluster';
	}

	/** True if an entry and the generation of its namespace are read by separate commands. */
	get areSlotsApart(): boolean {
		return this.#areSlotsApart;
	}

	/** @param markerKey The generation of its namespace, for an entry; for a marker, its own key. */
	groupOf(redisKey: string, markerKey: string): number | string {
		if (this.#pool.topology === 'cluster') return this.#pool.nodeOf(redisKey)?.address ?? '';
		return this.#areNamespacesApart && !this.#areSlotsApart ? markerKey : 0;
	}

	/** @returns `undefined` if all keys may be in one command. */
	commandsOf(keys: readonly string[]): SlotCommands | undefined {
		if (!this.#areSlotsApart || keys.length < 2) return undefined;
		const indexes = new Map<number, number>();
		const commands: {readonly keys: string[][]; readonly positions: number[][]} = {keys: [], positions: []};
		for (const [position, key] of keys.entries()) {
			const slot = clusterSlot(key);
			const index = indexes.get(slot);
			if (index === undefined) {
				indexes.set(slot, commands.keys.push([key]) - 1);
				commands.positions.push([position]);
			} else {
				commands.keys[index]?.push(key);
				commands.positions[index]?.push(position);
			}
		}
		return commands.keys.length === 1 ? undefined : commands;
	}

	/** A command was refused. @returns `undefined` if splitting it would not help. */
	refused(error: Error): Refusal | undefined {
		if (!(error instanceof ServerError)) return undefined;
		// The slot is being migrated: keys that have already moved must be read by separate commands.
		if (error.prefix === 'TRYAGAIN') return 'keys';
		if (!isRefusalOfKeys(error)) return undefined;
		if (error.prefix !== 'CROSSSLOT') {
			this.#areNamespacesApart = true;
			return 'keys';
		}
		if (this.#areSlotsApart) return undefined;
		this.#areSlotsApart = true;
		return 'slots';
	}
}
