import type {CommandEvent, CommandResult, GivenTtl} from '../traffic.js';
import type {CommandSpec} from './commands/command-spec.js';

const noKeys: readonly string[] = [];

/**
 * A command in flight: filled in while its request and its reply are read, and then reported as a `CommandEvent`. One object
 * for each command, never changed after it was reported.
 */
export class CommandRecord implements CommandEvent {
	connection = 0;
	clientName = '';
	db = 0;
	command: string;
	argumentCount: number;
	keys: readonly string[] = noKeys;
	keyCount = 0;
	keyWeight = 1;
	ttlMs: GivenTtl | undefined;
	hits = 0;
	misses = 0;
	missedKeys: readonly string[] = noKeys;
	requestBytes = 0;
	replyBytes = 0;
	startedAt: number;
	sentAt = 0;
	repliedAt: number | undefined;
	result: CommandResult = 'ok';
	error: string | undefined;
	inTransaction = false;
	isBlocking = false;
	depth = 0;
	readonly #spec: CommandSpec;
	/** Private, so that it is not part of the reported event. */
	#detail: string | undefined;

	constructor(spec: CommandSpec, argumentCount: number, startedAt: number) {
		this.#spec = spec;
		this.command = spec.name;
		this.argumentCount = argumentCount;
		this.startedAt = startedAt;
	}

	get effect(): CommandSpec['effect'] {
		return this.#spec.effect;
	}

	get spec(): CommandSpec {
		return this.#spec;
	}

	/** The database of SELECT, or the name of the connection in CLIENT SETNAME and HELLO. */
	get detail(): string | undefined {
		return this.#detail;
	}

	set detail(detail: string | undefined) {
		this.#detail = detail;
	}
}
