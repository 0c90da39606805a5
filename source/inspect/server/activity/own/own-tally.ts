import {numberOf, type ScriptCalls, textOf} from '../../../sender.js';
import {familyOf} from '../command-families.js';
import {addOwn, noOwnCommands, type OwnCommands} from './own-commands.js';

/** Commands that read and that Redis does not count as lookups. */
const uncounted: ReadonlySet<string> = new Set(['scan', 'randomkey', 'dbsize', 'keys']);

/** Maximum number of names of commands and errors that are counted. Further ones count as those of applications. */
const nameLimit = 300;

const lifetimes: ReadonlySet<string> = new Set(['pttl', 'ttl', 'pexpiretime', 'expiretime']);

/** True if the reply shows that a lookup found no key. */
function foundNothing(word: string, reply: unknown): boolean {
	if (reply === null) return true;
	if (word === 'type') return textOf(reply) === 'none';
	if (word === 'exists') return numberOf(reply) === 0;
	return lifetimes.has(word) && numberOf(reply) === -2;
}

/**
 * Counts the commands of this program on a server.
 *
 * Measured on Redis 7.0.15: every command that reads a key counts as a lookup, PTTL, TYPE, OBJECT and EXISTS included,
 * though these do not move the LRU or LFU clock of the key; in a script as well. SCAN, RANDOMKEY, DBSIZE and MEMORY USAGE
 * count nothing; SCAN with TYPE counts every key that it visits, up to Redis 8.0.
 */
export class OwnTally {
	/** Commands answered since the last INFO. */
	#open = emptyCounts();
	/** Commands answered before the last INFO, which are included in its figures. */
	#closed: OwnCommands = noOwnCommands;

	/** @param name As in `commandstats`: `get`, `object|freq`. */
	addReply(name: string, reply: unknown): void {
		const [word = ''] = name.split('|');
		this.addCalls({command: name, calls: 1, misses: foundNothing(word, reply) ? 1 : 0});
	}

	/** Adds calls of a command by a script. */
	addCalls({command, calls, misses}: ScriptCalls): void {
		increment(this.#open.calls, command, calls);
		const [word = ''] = command.split('|');
		if (familyOf(word) !== 'reads' || uncounted.has(word)) return;
		this.#open.misses += misses;
		this.#open.hits += calls - misses;
	}

	/** Adds successful lookups of a command that makes many. */
	addHits(lookups: number): void {
		this.#open.hits += lookups;
	}

	/** @param kind The first word of the error. */
	addError(name: string, kind: string): void {
		increment(this.#open.errors, kind);
		if (familyOf(name) !== 'administration') this.#open.failed++;
	}

	/** INFO was answered: later replies are not in its figures. */
	close(): void {
		this.#closed = addOwn(this.#closed, this.#open);
		this.#open = emptyCounts();
	}

	/** Returns the commands answered before the last INFO that no earlier call has returned. */
	take(): OwnCommands {
		const taken = this.#closed;
		this.#closed = noOwnCommands;
		return taken;
	}
}

const emptyCounts = () => ({
	calls: new Map<string, number>(),
	hits: 0,
	misses: 0,
	errors: new Map<string, number>(),
	failed: 0,
});

function increment(counts: Map<string, number>, name: string, by = 1): void {
	const count = counts.get(name);
	if (count !== undefined || counts.size < nameLimit) counts.set(name, (count ?? 0) + by);
}
