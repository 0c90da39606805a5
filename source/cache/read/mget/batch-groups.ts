import {clusterSlot} from '../../../pool/cluster-slot.js';
import {isRefusalOfKeys} from '../../../pool/commands/reply-error.js';
import {ServerError} from '../../../pool/errors.js';

/** Why a command was refused as a whole, if fewer keys in a command may help. */
export type Refusal = 'slots' | 'keys';

/**
 * Says which keys may share an MGET. Elsewhere than in a cluster all keys may, until a command is refused because of the keys
 * that it has: then keys of different slots (behind a proxy that shards), or of different namespaces (for a user who may read
 * some only), are asked for apart.
 */
export class BatchGroups {
	#areSlotsApart: boolean;
	#areNamespacesApart = false;

	constructor(topology: 'standalone' | 'cluster') {
		this.#areSlotsApart = topology === 'cluster';
	}

	/** True if an entry and the generation of its namespace are not in one command. */
	get areSlotsApart(): boolean {
		return this.#areSlotsApart;
	}

	/** @param markerKey The generation of its namespace, for an entry; for a marker, its own key. */
	groupOf(redisKey: string, markerKey: string): number | string {
		if (this.#areSlotsApart) return clusterSlot(redisKey);
		return this.#areNamespacesApart ? markerKey : 0;
	}

	/** A command was refused. @returns `undefined` if fewer keys would be refused, too. */
	refused(error: Error): Refusal | undefined {
		if (!(error instanceof ServerError) || !isRefusalOfKeys(error)) return undefined;
		if (error.prefix !== 'CROSSSLOT') {
			this.#areNamespacesApart = true;
			return 'keys';
		}
		if (this.#areSlotsApart) return undefined;
		this.#areSlotsApart = true;
		return 'slots';
	}
}
