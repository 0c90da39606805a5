import {CommandError} from './commands/command-error.js';
import {anyText, type Check, integerBetween, maxInteger, memory, oneOf, onlyOff} from './config-values.js';
import {globMatches} from './glob.js';

type EvictionPolicy =
	| 'noeviction'
	| 'allkeys-lru'
	| 'allkeys-random'
	| 'volatile-lru'
	| 'volatile-random'
	| 'volatile-ttl';

/** A parameter without a check cannot be changed. */
type Parameter = {readonly initial: string; readonly check?: Check};

const longestSlowLog = 10_000;

/** The parameters that this server supports. All others are unknown. */
const parameters: Readonly<Record<string, Parameter>> = {
	appendonly: {initial: 'no', check: oneOf('no')},
	bind: {initial: '127.0.0.1'},
	'cluster-enabled': {initial: 'no'},
	databases: {initial: '16'},
	'enable-debug-command': {initial: 'local'},
	'hash-max-listpack-entries': {initial: '512'},
	'hash-max-listpack-value': {initial: '64'},
	hz: {initial: '10'},
	maxclients: {initial: '10000', check: integerBetween(1, 100_000)},
	maxmemory: {initial: '0', check: memory},
	'maxmemory-policy': {
		initial: 'noeviction',
		check: oneOf('volatile-lru', 'volatile-random', 'volatile-ttl', 'allkeys-lru', 'allkeys-random', 'noeviction'),
	},
	'maxmemory-samples': {initial: '5', check: integerBetween(1, 64)},
	'notify-keyspace-events': {initial: '', check: onlyOff('the built-in server has no keyspace notifications')},
	port: {initial: '0'},
	'proto-max-bulk-len': {initial: '536870912'},
	requirepass: {initial: '', check: anyText},
	save: {initial: '', check: oneOf('')},
	'set-max-intset-entries': {initial: '512'},
	'slowlog-log-slower-than': {initial: '10000', check: integerBetween(-1, maxInteger)},
	'slowlog-max-len': {initial: '128', check: integerBetween(0, maxInteger)},
	timeout: {initial: '0', check: integerBetween(0, 2_147_483_647)},
	'tracking-table-max-keys': {initial: '1000000', check: integerBetween(0, maxInteger)},
	'zset-max-listpack-entries': {initial: '128'},
	'zset-max-listpack-value': {initial: '64'},
};

/** Old names of parameters. */
const aliases: Readonly<Record<string, string>> = {
	'hash-max-ziplist-entries': 'hash-max-listpack-entries',
	'hash-max-ziplist-value': 'hash-max-listpack-value',
	'zset-max-ziplist-entries': 'zset-max-listpack-entries',
	'zset-max-ziplist-value': 'zset-max-listpack-value',
};

const parameterOf = (given: string): string => aliases[given.toLowerCase()] ?? given.toLowerCase();

/** The parameters of CONFIG. A parameter that every command reads is also a field. */
export class Config {
	readonly #values = new Map(Object.entries(parameters).map(([name, {initial}]) => [name, initial]));
	maxMemory = 0;
	policy: EvictionPolicy = 'noeviction';
	samples = 5;
	slowerThan = 10_000;
	slowLogLength = 128;
	maxClients = 10_000;
	trackingMaxKeys = 1_000_000;
	/** Seconds after which an idle client is disconnected; 0 for never. */
	timeout = 0;
	password = '';

	constructor(port: number) {
		this.#values.set('port', String(port));
	}

	/** Alternating names and values of the parameters that match. */
	get(patterns: readonly string[]): string[] {
		const found = new Map<string, string>();
		for (const pattern of patterns) {
			const exact = this.#values.get(parameterOf(pattern));
			// Redis shows an exact name in the spelling of the request.
			if (exact !== undefined) found.set(pattern, exact);
			else for (const [name, value] of this.#named()) if (globMatches(pattern, name, true)) found.set(name, value);
		}
		return [...found].flat();
	}

	/** All values, by each of their names, including aliases. */
	*#named(): Iterable<[name: string, value: string]> {
		yield* this.#values;
		for (const [alias, name] of Object.entries(aliases)) yield [alias, this.#values.get(name) ?? ''];
	}

	/** Sets all of the parameters, or none if one is not valid. */
	set(pairs: readonly (readonly [name: string, value: string])[]): void {
		const changes = new Map<string, string>();
		for (const [given] of pairs) {
			const name = parameterOf(given);
			const parameter = parameters[name];
			if (!parameter) throw new CommandError(`ERR Unknown option or number of arguments for CONFIG SET - '${given}'`);
			if (!parameter.check) throw failed(given, "can't set immutable config");
			if (changes.has(name)) throw failed(given, 'duplicate parameter');
			changes.set(name, '');
		}
		for (const [given, text] of pairs) {
			const name = parameterOf(given);
			const result = parameters[name]?.check?.(text) ?? {error: 'unknown'};
			if ('error' in result) throw failed(name, result.error);
			changes.set(name, result.value);
		}
		for (const [name, value] of changes) this.#apply(name, value);
	}

	#apply(name: string, value: string): void {
		this.#values.set(name, value);
		if (name === 'maxmemory') this.maxMemory = Number(value);
		else if (name === 'maxmemory-policy') this.policy = value as EvictionPolicy;
		else if (name === 'maxmemory-samples') this.samples = Number(value);
		else if (name === 'slowlog-log-slower-than') this.slowerThan = Number(value);
		else if (name === 'slowlog-max-len') this.slowLogLength = Math.min(Number(value), longestSlowLog);
		else if (name === 'maxclients') this.maxClients = Number(value);
		else if (name === 'tracking-table-max-keys') this.trackingMaxKeys = Number(value);
		else if (name === 'timeout') this.timeout = Number(value);
		else if (name === 'requirepass') this.password = value;
	}
}

function failed(name: string, reason: string): CommandError {
	return new CommandError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
}
