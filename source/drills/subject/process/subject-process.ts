import {type ChildProcess, fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {rejectAfter} from '../reject-after.js';
import type {OpenedSubject, SubjectEnd} from '../subject.js';
import {SubjectError} from '../subject-error.js';
import type {SubjectMessage, SubjectRequest} from './messages.js';

const defaultOpenMs = 10_000;
const defaultCloseMs = 2000;

/** Milliseconds after the exit of a process to wait for its last message. */
const lastMessageMs = 1000;

type Call = {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: Error) => void;
	readonly load: () => unknown;
};

type SubjectProcessOptions = {
	/** Its name in messages. */
	readonly name: string;
	/** Absolute path of its module. */
	readonly path: string;
	/** URL of the Redis that it uses. */
	readonly url: string;
	/** Milliseconds in which it must open. Default 10,000. */
	readonly openMs?: number;
	/** Milliseconds in which it must close. Default 2000. */
	readonly closeMs?: number;
};

/**
 * Opens a subject in a separate process: one that blocks its event loop, runs out of memory or exits affects nothing
 * else. Its output, standard output included, goes to standard error.
 *
 * @throws {SubjectError} It cannot be loaded or opened in time. No process is left running then.
 */
export async function openSubjectProcess(options: SubjectProcessOptions): Promise<OpenedSubject> {
	const subject = new SubjectProcess(options);
	try {
		await subject.open();
		return subject;
	} catch (error) {
		await subject.kill();
		throw error;
	}
}

class SubjectProcess implements OpenedSubject {
	readonly #options: SubjectProcessOptions;
	readonly #child: ChildProcess;
	readonly #exited: Promise<void>;
	readonly #calls = new Map<number, Call>();
	#opened: {readonly resolve: () => void; readonly reject: (error: Error) => void} | undefined;
	#onEnded: ((end: SubjectEnd) => void) | undefined;
	#end: SubjectEnd | undefined;
	#closed: {readonly message: string | undefined} | undefined;
	#isClosing = false;
	#lastId = 0;
	canLoad = false;

	constructor(options: SubjectProcessOptions) {
		this.#options = options;
		this.#child = fork(fileURLToPath(new URL('./subject-main.js', import.meta.url)), {
			execArgv: [],
			// In a separate process group: Ctrl-C ends the drill, which then closes its subject.
			detached: true,
			stdio: ['ignore', 2, 2, 'ipc'],
		});
		this.#child.on('message', (message: SubjectMessage) => this.#receive(message));
		this.#exited = new Promise((resolve) => {
			const end = (message: string) => {
				this.#ended({cause: 'exit', message});
				resolve();
			};
			this.#child.once('error', (error) => end(`could not be started: ${error.message}`));
			this.#child.once('exit', (code, signal) => {
				const message = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
				// Its last message, with the reason, may be read only now. Limited in time, since a process that it has started
				// may keep the channel open.
				const timer = setTimeout(() => end(message), lastMessageMs);
				this.#child.once('close', () => {
					clearTimeout(timer);
					end(message);
				});
			});
		});
	}

	async open(): Promise<void> {
		const {name, path, url, openMs = defaultOpenMs} = this.#options;
		const opened = new Promise<void>((resolve, reject) => {
			this.#opened = {resolve, reject};
		});
		this.#send({type: 'open', path, url});
		const late = () => new SubjectError(name, `it did not open within ${openMs / 1000} s`);
		await rejectAfter(openMs, opened, late);
	}

	get(key: string): Promise<unknown> {
		return this.#call('get', key);
	}

	async set(key: string, value: unknown, ttlMs: number): Promise<void> {
		await this.#call('set', key, {value, ttlMs});
	}

	async delete(key: string): Promise<void> {
		await this.#call('delete', key);
	}

	getOrSet(key: string, load: () => unknown, ttlMs: number): Promise<unknown> {
		return this.#call('getOrSet', key, {ttlMs, load});
	}

	onEnded(listener: (end: SubjectEnd) => void): void {
		this.#onEnded = listener;
		if (this.#end !== undefined && !this.#isClosing) listener(this.#end);
	}

	async close(): Promise<string | undefined> {
		const {closeMs = defaultCloseMs} = this.#options;
		this.#isClosing = true;
		this.#send({type: 'close'});
		const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeMs);
		await this.#exited;
		clearTimeout(timer);
		if (this.#closed === undefined)
			return this.#end?.message === 'was ended by SIGKILL' ? `it did not close within ${closeMs / 1000} s` : undefined;
		return this.#closed.message === undefined ? undefined : `its close() failed: ${this.#closed.message}`;
	}

	async kill(): Promise<void> {
		this.#isClosing = true;
		this.#child.kill('SIGKILL');
		await this.#exited;
	}

	#call(
		name: Extract<SubjectRequest, {type: 'call'}>['name'],
		key: string,
		{value, ttlMs: ttl = 0, load = () => undefined}: {value?: unknown; ttlMs?: number; load?: () => unknown} = {},
	): Promise<unknown> {
		if (this.#end !== undefined) return Promise.reject(new Error(`it ${this.#end.message}`));
		this.#lastId++;
		const id = this.#lastId;
		return new Promise((resolve, reject) => {
			this.#calls.set(id, {resolve, reject, load});
			this.#send({type: 'call', id, name, key, value, ttl});
		});
	}

	#receive(message: SubjectMessage): void {
		switch (message.type) {
			case 'opened':
				this.canLoad = message.canLoad;
				this.#opened?.resolve();
				return;
			case 'not opened':
				this.#opened?.reject(new SubjectError(this.#options.name, `it cannot be opened: ${message.message}`));
				return;
			case 'done':
				this.#settle(message.id)?.resolve(message.value);
				return;
			case 'failed':
				this.#settle(message.id)?.reject(new Error(message.message));
				return;
			case 'load':
				void this.#load(message.load, this.#calls.get(message.id));
				return;
			case 'uncaught':
				this.#ended({cause: 'error', message: `ended because of ${message.message}`});
				return;
			case 'closed':
				this.#closed = {message: message.message};
		}
	}

	#settle(id: number): Call | undefined {
		const call = this.#calls.get(id);
		this.#calls.delete(id);
		return call;
	}

	/** A load for a call that has ended is never answered. */
	async #load(load: number, call: Call | undefined): Promise<void> {
		if (call !== undefined) this.#send({type: 'loaded', load, value: await call.load()});
	}

	/** The first reason counts: an uncaught error is followed by an exit. */
	#ended(end: SubjectEnd): void {
		if (this.#end !== undefined) return;
		this.#end = end;
		this.#opened?.reject(new SubjectError(this.#options.name, `it ${end.message} before it was open`));
		for (const {reject} of this.#calls.values()) reject(new Error(`it ${end.message}`));
		this.#calls.clear();
		if (!this.#isClosing) this.#onEnded?.(end);
	}

	#send(request: SubjectRequest): void {
		// The channel may have closed just now; then 'exit' follows.
		if (this.#child.connected) this.#child.send(request, () => {});
	}
}
