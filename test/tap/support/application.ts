import type {ActiveWireFault} from '../../../source/proxy/types.js';
import {encodeRequest} from '../../../source/resp/encode.js';
import type {Finding, FindingId} from '../../../source/tap/findings/finding.js';
import {TrafficFindings} from '../../../source/tap/findings/traffic-findings.js';
import {keyPrinter} from '../../../source/tap/key-text.js';
import {ConnectionReader} from '../../../source/tap/wire/connection-reader.js';
import {SmallStore} from './small-store.js';

/** Milliseconds between a command and its reply. */
const latencyMs = 0.2;

/** Milliseconds between a reply and whatever comes next, so that no two things happen at the same time. */
const pauseMs = 0.02;

type CloseBy = 'application' | 'server' | 'tap';

/** An application whose traffic is read as the tap reads it, in a time of its own that costs a test nothing. */
export class Application {
	readonly findings = new TrafficFindings();
	readonly store = new SmallStore();
	readonly #open = new Set<ConnectionReader>();
	#connections = 0;
	#nextTick = 1000;
	/** Milliseconds. */
	now = 0;

	/** Opens a connection. */
	connect(): Client {
		const connection = ++this.#connections;
		const openedAt = this.now;
		const reader = new ConnectionReader({
			address: '127.0.0.1:50000',
			connection,
			openedAt,
			onCommand: (event) => this.findings.onCommand(event),
			onConnection: (event) => {
				if (event.type === 'unreadable') throw new Error(`the traffic of a test is ${event.reason}`);
				this.findings.onConnection(event);
			},
		});
		this.findings.onConnection({type: 'opened', connection, at: openedAt});
		this.#open.add(reader);
		const close = (by: CloseBy): void => {
			this.#open.delete(reader);
			reader.close({by, isReset: false}, this.now);
		};
		return new Client(this, reader, close);
	}

	/** Lets time pass, second by second. */
	wait(ms: number): void {
		const until = this.now + ms;
		while (this.#nextTick <= until) {
			this.now = this.#nextTick;
			this.#nextTick += 1000;
			this.findings.onTick(
				this.now,
				[...this.#open].map((reader) => reader.snapshot()),
			);
		}
		this.now = until;
	}

	/** Lets time pass in which the tap does nothing; then comes a tick. */
	standStill(ms: number): void {
		this.#nextTick = this.now + ms;
		this.wait(ms);
	}

	setFaults(active: readonly ActiveWireFault[]): void {
		this.findings.onFaults(this.now, active);
	}

	found(hide = false): readonly Finding[] {
		return this.findings.findings(this.now, keyPrinter({hide}));
	}

	ids(): readonly FindingId[] {
		return this.found().map(({id}) => id);
	}

	finding(id: FindingId): Finding | undefined {
		return this.found().find((finding) => finding.id === id);
	}
}

/** One connection of an application. Commands are written as words: `SET user:1 ada EX 60`. */
export class Client {
	readonly #application: Application;
	readonly #reader: ConnectionReader;
	readonly close: (by?: CloseBy) => void;

	constructor(application: Application, reader: ConnectionReader, close: (by: CloseBy) => void) {
		this.#application = application;
		this.#reader = reader;
		this.close = (by = 'application') => close(by);
	}

	/** Sends commands at once, and lets the server answer them all. */
	do(...commands: readonly string[]): void {
		for (const command of commands) this.send(command);
		this.#application.wait(latencyMs);
		for (const command of commands) this.answer(this.#execute(command));
		this.#application.wait(pauseMs);
	}

	/** True if the key is there. */
	get(key: string): boolean {
		this.send(`GET ${key}`);
		this.#application.wait(latencyMs);
		const reply = this.#execute(`GET ${key}`);
		this.answer(reply);
		this.#application.wait(pauseMs);
		return reply !== '$-1\r\n';
	}

	/** Sends a command whose reply comes later, if at all. */
	send(command: string): void {
		this.#reader.request(Buffer.from(encodeRequest(command.split(' ')), 'latin1'), this.#application.now);
	}

	answer(reply: string): void {
		this.#reader.reply(Buffer.from(reply, 'latin1'), this.#application.now);
	}

	#execute(command: string): string {
		return this.#application.store.execute(command.split(' '), this.#application.now);
	}
}

/** Numbers from 0 to 1 that are the same in each run. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}
