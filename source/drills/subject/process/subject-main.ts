import {pathToFileURL} from 'node:url';
import {Worker} from 'node:worker_threads';
import {oneLine} from '../../../pool/one-line.js';
import {checkSubject, openerOf} from '../check-subject.js';
import {subjectOpenOptions} from '../open-options.js';
import type {Subject} from '../subject.js';
import type {SubjectMessage, SubjectRequest} from './messages.js';

/*
 * Entry point of the process of a subject: foreign code, which may block, throw or exit. It ends when the program that started
 * it ends, however that happens. A thread watches that, since the event loop may be blocked.
 */

const watchEveryMs = 500;
const watchdog = `const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, ${watchEveryMs});`;
new Worker(watchdog, {eval: true}).unref();

const closing = new AbortController();
const loads = new Map<number, (value: unknown) => void>();
let subject: Subject | undefined;
let lastLoad = 0;

function send(message: SubjectMessage, sent: () => void = () => {}): void {
	if (process.connected) process.send?.(message, sent);
	else sent();
}

async function open(path: string, url: string): Promise<void> {
	try {
		const module = await importModule(path);
		subject = checkSubject(await openerOf(module)(subjectOpenOptions(url, closing.signal)));
		send({type: 'opened', canLoad: typeof subject.getOrSet === 'function'});
	} catch (error) {
		send({type: 'not opened', message: oneLine(error)});
	}
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
	try {
		return await import(pathToFileURL(path).href);
	} catch (error) {
		// Node.js prints the line of a syntax error only when the module is run directly.
		if (error instanceof SyntaxError) throw new Error(`${oneLine(error)} (run it with node to see the line)`);
		throw error;
	}
}

function load(id: number): Promise<unknown> {
	lastLoad++;
	const number = lastLoad;
	return new Promise((resolve) => {
		loads.set(number, resolve);
		send({type: 'load', id, load: number});
	});
}

type Call = Extract<SubjectRequest, {type: 'call'}>;

async function call(request: Call): Promise<void> {
	const {id} = request;
	try {
		if (subject === undefined) throw new Error('it is not open');
		send({type: 'done', id, ...answerOf(await perform(subject, request))});
	} catch (error) {
		send({type: 'failed', id, message: oneLine(error)});
	}
}

/** Resolves with the value of a read; for a change the value is meaningless. */
async function perform(opened: Subject, {id, name, key, value, ttl}: Call): Promise<unknown> {
	switch (name) {
		case 'get':
			return opened.get(key);
		case 'getOrSet':
			return opened.getOrSet?.(key, () => load(id), {ttl});
		case 'set':
			await opened.set(key, value, {ttl});
			return undefined;
		case 'delete':
			await opened.delete(key);
			return undefined;
	}
}

/** A value that JSON cannot represent cannot be one that was set: a text is sent instead. */
function answerOf(value: unknown): {readonly value?: unknown} {
	if (value === undefined || value === null) return {};
	const foreign = {value: `a ${typeof value} that is not JSON`};
	try {
		return JSON.stringify(value) === undefined ? foreign : {value};
	} catch {
		// Circular, or a BigInt.
		return foreign;
	}
}

async function close(): Promise<never> {
	closing.abort();
	let message: string | undefined;
	try {
		await subject?.close?.();
	} catch (error) {
		message = oneLine(error);
	}
	return new Promise(() => {
		send({type: 'closed', ...(message === undefined ? {} : {message})}, () => process.exit(0));
	});
}

process.on('uncaughtException', (error, origin) => {
	const kind = origin === 'unhandledRejection' ? 'a rejection that nothing handled' : 'an error that nothing caught';
	send({type: 'uncaught', message: `${kind}: ${oneLine(error)}`}, () => process.exit(1));
});
process.once('disconnect', () => process.exit(0));
process.on('message', (request: SubjectRequest) => {
	switch (request.type) {
		case 'open':
			void open(request.path, request.url);
			return;
		case 'call':
			void call(request);
			return;
		case 'loaded':
			loads.get(request.load)?.(request.value);
			loads.delete(request.load);
			return;
		case 'close':
			void close();
	}
});
