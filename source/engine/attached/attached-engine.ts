import {idleWorkload} from '../../drills/application/idle-workload.js';
import {noActivity} from '../../inspect/server/activity/server-activity.js';
import {RedisCacheError} from '../../pool/errors.js';
import {CommandError} from '../commands/command.js';
import {checkWords, namedCommand} from '../commands/named-command.js';
import {ConsentNeededError, WriteConsent} from '../consent/write-consent.js';
import type {Engine} from '../engine.js';
import {EventsLog} from '../log/events-log.js';
import {oneLine} from '../one-line.js';
import type {EngineOptions, EngineSnapshot} from '../protocol.js';
import {type CommandArguments, type CommandCall, type CommandReply, wordsOf} from '../specs/command-calls.js';
import {type CommandName, specOf} from '../specs/command-specs.js';
import type {AttachTarget} from './attach-target.js';
import {attachedCommands} from './attached-commands.js';
import {AttachedProcess} from './attached-process.js';
import {unfitCommand} from './unfit-command.js';

/** Snapshots a second, at most. */
const maxHz = 30;

/**
 * An engine without its own Redis: it shows the cache of a live process. Its snapshots have the same fields, without
 * traffic, faults or figures of a server.
 */
export class AttachedEngine implements Pick<Engine, keyof Engine> {
	readonly #process: AttachedProcess;
	readonly #log: EventsLog;
	readonly #options: EngineOptions;
	readonly #emit: (snapshot: EngineSnapshot) => void;
	readonly #consent: WriteConsent;
	readonly #startedAt = Date.now();
	#seq = 0;
	#timer: NodeJS.Timeout | undefined;

	/**
	 * @param emit Called with each snapshot.
	 * @throws {EngineError} The process cannot be watched. Nothing is left open then.
	 */
	static async start(
		target: AttachTarget,
		options: EngineOptions,
		emit: (snapshot: EngineSnapshot) => void,
	): Promise<AttachedEngine> {
		const log = new EventsLog();
		const attached = await AttachedProcess.open(target, log);
		return new AttachedEngine({attached, log, options, emit});
	}

	private constructor({
		attached,
		log,
		options,
		emit,
	}: {
		readonly attached: AttachedProcess;
		readonly log: EventsLog;
		readonly options: EngineOptions;
		readonly emit: (snapshot: EngineSnapshot) => void;
	}) {
		this.#process = attached;
		this.#log = log;
		this.#options = options;
		this.#emit = emit;
		this.#consent = new WriteConsent(options.consented);
		this.setRate(options.hz);
		this.#send();
	}

	async run<Name extends CommandName>({name: word, args, consent}: CommandCall<Name>): Promise<CommandReply<Name>> {
		try {
			const name = namedCommand(word) as Name;
			checkWords(name, wordsOf({args}));
			const unfit = unfitCommand(name, this.#process.url);
			const handler = attachedCommands[name];
			if (unfit !== undefined || handler === undefined) throw new CommandError(unfit ?? `there is no ${name} here`);
			this.#gate(name, consent);
			const {lines, data} = await handler(
				async (call) => (await this.#process.call(call)) as never,
				args as CommandArguments<Name>,
			);
			return {ok: true, lines, data} as CommandReply<Name>;
		} catch (error) {
			const question = error instanceof ConsentNeededError ? {question: error.question} : {};
			const code = error instanceof RedisCacheError ? error.code : 'ERR_COMMAND';
			return {ok: false, code, message: oneLine(error), ...question};
		}
	}

	/** No completions: the names of keys in the process are unknown. */
	async complete(): Promise<readonly string[]> {
		return [];
	}

	drillRecording(): undefined {
		return undefined;
	}

	trafficCourse(): undefined {
		return undefined;
	}

	/** Sets the number of snapshots a second, at most 30; 0 pauses them. */
	setRate(hz: number): void {
		clearInterval(this.#timer);
		if (hz > 0) this.#timer = setInterval(() => this.#send(), 1000 / Math.min(hz, maxHz));
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#process.close();
	}

	/** @throws {CommandError | ConsentNeededError} The command would change data of the process, and is not allowed to. */
	#gate(name: CommandName, consent: string | undefined): void {
		const kind = specOf(name).writes;
		if (kind === false) return;
		if (this.#options.readOnly)
			throw new CommandError(`${name} writes to Redis, and this program was started with --read-only`);
		// Otherwise the process refuses the command itself.
		if (this.#process.snapshot().commands) this.#consent.require(kind, name, this.#target(), consent);
	}

	#target(): EngineSnapshot['target'] {
		return {
			kind: 'external',
			name: 'redis',
			version: undefined,
			url: this.#process.url,
			pid: undefined,
			warnings: [],
		};
	}

	#send(): void {
		const {cache} = this.#process;
		const attached = this.#process.snapshot();
		this.#emit({
			seq: this.#seq++,
			at: Date.now(),
			startedAt: this.#startedAt,
			target: this.#target(),
			source: 'process',
			privateUrl: undefined,
			readOnly: this.#options.readOnly || !attached.commands,
			scanRate: 0,
			namespace: attached.namespace,
			keyPrefix: '',
			cache,
			server: undefined,
			activity: noActivity,
			workload: idleWorkload.snapshot(),
			sweep: undefined,
			faults: [],
			pastFaults: [],
			drill: undefined,
			ttl: cache.ttl,
			application: undefined,
			serverFindings: [],
			attached,
			events: this.#log.take(),
		});
	}
}
