import {RedisCacheError} from '../../pool/errors.js';
import type {TargetSnapshot} from '../target-snapshot.js';
import {consentWordOf} from './consent-word.js';
import type {WriteKind} from './write-kind.js';

/** The question before anything is written to a Redis that this program did not start. */
export type ConsentQuestion = {
	/** The word that must be typed, and is sent as `consent` when the call is repeated. */
	readonly word: string;
	/** The effect of the call, and how often the question is asked, as sentences. */
	readonly about: readonly string[];
};

/** A command would write to a Redis that this program did not start, without consent. */
export class ConsentNeededError extends RedisCacheError {
	override readonly name = 'ConsentNeededError';

	constructor(
		message: string,
		readonly question: ConsentQuestion,
	) {
		super('ERR_CONSENT', message);
	}
}

const effects: Readonly<Record<WriteKind, string>> = {
	values: 'It changes one value. You are asked once: later changes of single values need no confirmation.',
	workload:
		'It makes traffic on keys of its own, which are removed when it stops or the program ends. You are asked once.',
	drill: 'It makes traffic on keys of its own, which are removed when it ends. You are asked once.',
	removal: 'It deletes or invalidates existing data. You are asked each time.',
	clients: 'It closes connections of applications, which have to open new ones. You are asked each time.',
	application:
		'It breaks the connections of the application behind the tap until the fault is lifted or ends. You are asked once.',
	load: 'The server counts or reports every command for 2 s, which may take up to half of its throughput. You are asked each time.',
	bulk: 'It changes or creates many keys. You are asked each time.',
	command: 'The server does not flag this command as one that only reads. You are asked each time.',
	dangerous: 'It may block every client, or change the server itself. You are asked each time.',
};

const everyTime: ReadonlySet<WriteKind> = new Set(['removal', 'bulk', 'command', 'dangerous', 'clients', 'load']);

/** The effect on a server that this program did not start, by kind. Default: a write. */
const effectOn: Readonly<Partial<Record<WriteKind, (url: string) => string>>> = {
	application: (url) => `breaks the connections of an application to ${url}, which this program did not start`,
	clients: (url) => `closes connections to ${url}, which this program did not start`,
	load: (url) => `slows down ${url}, which this program did not start`,
	dangerous: (url) => `is a command that the server marks as dangerous, and would run on ${url}`,
};

const writesTo = (url: string): string => `writes to ${url}, which this program did not start`;

/**
 * Every write to a Redis that this program did not start passes this check: it needs a typed word that shows the host. For
 * traffic, for changes of single values and for faults of an application behind the tap the word is needed once, for everything
 * else each time.
 */
export class WriteConsent {
	readonly #given: Set<WriteKind>;

	/** @param given Kinds that the command line requests, together with the URL. */
	constructor(given: readonly WriteKind[] = []) {
		this.#given = new Set(given);
	}

	/** True if a write of this kind needs no question. */
	has(kind: WriteKind, target: Pick<TargetSnapshot, 'kind'>): boolean {
		return (target.kind !== 'external' && kind !== 'dangerous') || this.#given.has(kind);
	}

	/**
	 * @param word The word that came with the call.
	 * @throws {ConsentNeededError} The word is wrong or missing.
	 */
	require(kind: WriteKind, name: string, target: Pick<TargetSnapshot, 'kind' | 'url'>, word: string | undefined): void {
		if (this.has(kind, target)) return;
		const wanted = consentWordOf(target.url);
		if (word !== wanted) {
			const effect = (effectOn[kind] ?? writesTo)(target.url);
			throw new ConsentNeededError(`${name} ${effect}: confirm it with the word ${wanted}`, {
				word: wanted,
				about: [`\`${name}\` ${effect}.`, effects[kind]],
			});
		}
		if (!everyTime.has(kind)) this.#given.add(kind);
	}
}
