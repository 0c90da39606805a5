/** The ways in which the reply to a command names servers. */
export type AddressedKind = 'slots' | 'shards' | 'nodes' | 'info' | 'role' | 'address' | 'instances';

/** A reply that names servers; to EXEC: the replies of this number of commands, of which some do. */
export type AddressedReply =
	| AddressedKind
	| {readonly queued: number; readonly kinds: ReadonlyMap<number, AddressedKind>};

const kinds: Readonly<Record<string, AddressedKind>> = {
	'CLUSTER SLOTS': 'slots',
	'CLUSTER SHARDS': 'shards',
	'CLUSTER NODES': 'nodes',
	'CLUSTER REPLICAS': 'nodes',
	'CLUSTER SLAVES': 'nodes',
	'SENTINEL GET-MASTER-ADDR-BY-NAME': 'address',
	'SENTINEL MASTER': 'instances',
	'SENTINEL MASTERS': 'instances',
	'SENTINEL REPLICAS': 'instances',
	'SENTINEL SLAVES': 'instances',
	'SENTINEL SENTINELS': 'instances',
	'SENTINEL INFO-CACHE': 'info',
	INFO: 'info',
	ROLE: 'role',
};

const containers = new Set(['CLUSTER', 'SENTINEL']);

/** Commands whose replies may name servers. */
export const addressedCommands: readonly string[] = [...containers, 'INFO', 'ROLE'];

/** Commands that a server executes or refuses at once within a transaction, instead of queuing them. */
const neverQueued = new Set(['MULTI', 'WATCH', 'QUIT']);

/** The number of arguments that decide if the reply to a command names servers. */
export function argumentsOfAddressed(command: string): number {
	return containers.has(command) ? 1 : 0;
}

/**
 * Limit of remembered replies, above the needs of a transaction. After a refused MULTI there may be no EXEC; further replies
 * are not remembered, and not rewritten within the reply to EXEC.
 */
const maxKinds = 1000;

/** Determines which replies of one connection name servers, from its requests in order. */
export class AddressedReplies {
	/** Commands that were queued since MULTI, and those of them whose replies name servers. */
	#queued = 0;
	#kinds = new Map<number, AddressedKind>();

	/**
	 * The reply that a command gets, if it names servers.
	 *
	 * @param command In upper case.
	 * @param args Its first arguments.
	 */
	follow(command: string, args: readonly string[], isInTransaction: boolean): AddressedReply | undefined {
		const kind = kinds[containers.has(command) ? `${command} ${args[0]?.toUpperCase()}` : command];
		if (!isInTransaction) return kind;
		if (command === 'EXEC' || command === 'DISCARD' || command === 'RESET') return this.#end(command === 'EXEC');
		if (neverQueued.has(command)) return undefined;
		if (kind !== undefined && this.#kinds.size < maxKinds) this.#kinds.set(this.#queued, kind);
		this.#queued++;
		// Returned for a queued command, too: QUEUED names no server, and if MULTI was refused, the command is executed at
		// once.
		return kind;
	}

	#end(isExecuted: boolean): AddressedReply | undefined {
		const reply = isExecuted && this.#kinds.size > 0 ? {queued: this.#queued, kinds: this.#kinds} : undefined;
		this.#queued = 0;
		this.#kinds = new Map();
		return reply;
	}
}
