import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';
import {encodeRequest} from '../../source/resp/encode.js';
import {RequestParser} from '../../source/resp/request-parser.js';
import {type Gate, gate} from './gate.js';

/** A command that was held back on its way to the server. */
export type Caught = {
	/** Resolves once the command has arrived here. */
	readonly passed: Promise<void>;
	/** Delivers everything that is held back on its connection. */
	release(): void;
	/** Closes its connection, so that held bytes never arrive. */
	cut(): void;
};

/** A TCP forwarder that can hold back chosen commands and replies. */
export type Tap = {
	readonly url: string;
	/** The server to which new connections are forwarded. */
	target: {readonly host: string; readonly port: number};
	/** True while new connections are refused. */
	closed: boolean;
	/** Holds back the next command that contains these words, and everything after it on its connection. */
	holdRequest(...words: readonly string[]): Caught;
	/** Forwards the next command that contains these words, and holds back all replies on its connection from then on. */
	holdReply(...words: readonly string[]): Caught;
	/** Like `holdReply`, but ignores connections on which `than` was sent recently. */
	holdReplyElsewhere(than: string, ...words: readonly string[]): Caught;
	/**
	 * Closes the connection of the next command that contains these words; `deliver` sends the command to the server
	 * anyway.
	 */
	strand(...words: readonly string[]): {readonly passed: Promise<void>; deliver(): void};
	/** Replies to commands that contain these words, instead of the server, and after its replies to those before them. */
	answer(reply: string, ...words: readonly string[]): void;
	/**
	 * Makes the next `times` commands with the script of this hash late, by replacing their deadlines with one that has passed.
	 * The server answers them: a reply from here would overtake earlier ones on the connection.
	 */
	makeLate(times: number, sha: string): void;
	/** Closes the open connections one after the other, with a pause after each. */
	cutOneByOne(pause: () => Promise<unknown>): Promise<void>;
	cutAll(): void;
};

type Way = 'passing' | 'held';
type Link = {
	readonly client: Socket;
	readonly server: Socket;
	up: Way;
	down: Way;
	readonly heldUp: Buffer[];
	readonly heldDown: Buffer[];
	stranded: boolean;
	/** The latest bytes that the client has sent. */
	sent: string;
	/** Replies from here, each in place of the server's reply to an ECHO, so that none overtakes another reply. */
	readonly answers: {readonly echoed: string; readonly reply: string}[];
	/** Bytes from the server before the first of `answers`, which is due. */
	ahead: string;
};
type Trap = {
	readonly words: readonly string[];
	/** Connections on which this was sent recently are ignored. */
	readonly unless?: string | undefined;
	/** @returns `pass`, `swallow`, or the bytes to forward in place of the chunk. */
	spring(link: Link, chunk: Buffer): 'pass' | 'swallow' | Buffer;
	readonly once: boolean;
};

const keptText = 100_000;
const maxArgumentBytes = 1_000_000;

/** A deadline in the past, in µs. */
const longAgo = '1000000000000000';

const holdDown = (link: Link): 'pass' => {
	link.down = 'held';
	return 'pass';
};

/** Puts another command in the place of each that contains these words. A chunk has whole commands: tests send little at once. */
function replaceCommands(chunk: Buffer, words: readonly string[], replacement: () => string): Buffer {
	const parser = new RequestParser(maxArgumentBytes);
	parser.push(chunk);
	let replaced = '';
	for (;;) {
		const request = parser.next();
		if (request.kind !== 'command') break;
		const command = encodeRequest(request.args);
		replaced += words.every((word) => command.includes(word)) ? replacement() : command;
	}
	if (parser.buffered > 0) throw new Error('a tap that answers has received a part of a command');
	return Buffer.from(replaced, 'latin1');
}

/** The bytes for the client, once the answers that are due are known. */
function withAnswers(link: Link, received: Buffer): Buffer {
	if (link.answers.length === 0) return received;
	let rest = link.ahead + received.toString('latin1');
	let passing = '';
	for (let next = link.answers[0]; next !== undefined; next = link.answers[0]) {
		const at = rest.indexOf(next.echoed);
		if (at < 0) break;
		passing += rest.slice(0, at) + next.reply;
		rest = rest.slice(at + next.echoed.length);
		link.answers.shift();
	}
	link.ahead = link.answers.length === 0 ? '' : rest;
	return Buffer.from(link.answers.length === 0 ? passing + rest : passing, 'latin1');
}

export const startTap = async (target: {readonly host: string; readonly port: number}): Promise<Tap> => {
	const links = new Set<Link>();
	const traps = new Set<Trap>();
	let lastAnswer = 0;
	const state = {target, closed: false};

	const upwards = (link: Link, received: Buffer): void => {
		if (link.up === 'held') {
			link.heldUp.push(received);
			return;
		}
		let chunk = received;
		const text = chunk.toString('latin1');
		for (const trap of traps) {
			if (!trap.words.every((word) => text.includes(word))) continue;
			if (trap.unless !== undefined && link.sent.includes(trap.unless)) continue;
			if (trap.once) traps.delete(trap);
			const sprung = trap.spring(link, chunk);
			if (sprung === 'swallow') return;
			if (sprung !== 'pass') chunk = sprung;
		}
		link.sent = (link.sent + text).slice(-keptText);
		link.server.write(chunk);
	};
	const release = (link: Link): void => {
		link.up = 'passing';
		link.down = 'passing';
		for (const chunk of link.heldUp.splice(0)) link.server.write(chunk);
		for (const chunk of link.heldDown.splice(0)) link.client.write(chunk);
	};
	const cut = (link: Link): void => {
		link.client.destroy();
		if (!link.stranded) link.server.destroy();
	};
	const server = createServer((client) => {
		client.on('error', () => {});
		if (state.closed) {
			client.destroy();
			return;
		}
		const link: Link = {
			client,
			server: connect(state.target),
			up: 'passing',
			down: 'passing',
			heldUp: [],
			heldDown: [],
			stranded: false,
			sent: '',
			answers: [],
			ahead: '',
		};
		links.add(link);
		link.server.on('error', () => client.destroy());
		client.on('data', (chunk) => upwards(link, chunk));
		link.server.on('data', (received) => {
			const chunk = withAnswers(link, received);
			if (link.down === 'held') link.heldDown.push(chunk);
			else if (!client.destroyed) client.write(chunk);
		});
		client.on('close', () => {
			if (!link.stranded) link.server.destroy();
			links.delete(link);
		});
		link.server.on('close', () => client.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.close();
		for (const link of links) cut(link);
	});

	const hold = (words: readonly string[], spring: (link: Link) => 'pass' | 'swallow', unless?: string): Caught => {
		const passed: Gate = gate();
		let caught: Link | undefined;
		const trap: Trap = {
			words,
			unless,
			once: true,
			spring: (link, chunk) => {
				caught = link;
				const what = spring(link);
				if (what === 'swallow') link.heldUp.push(chunk);
				passed.open();
				return what;
			},
		};
		traps.add(trap);
		return {
			passed: passed.promise,
			release: () => {
				traps.delete(trap);
				if (caught !== undefined) release(caught);
			},
			cut: () => {
				if (caught !== undefined) cut(caught);
			},
		};
	};

	const makeLate = (times: number, sha: string): void => {
		let left = times;
		// The deadline is the first argument with 16 digits.
		const command = new RegExp(`(${sha}\\r\\n[^]*?\\$16\\r\\n)\\d{16}`, 'g');
		const trap: Trap = {
			words: [sha],
			once: false,
			spring: (_link, chunk) => {
				const late = chunk
					.toString('latin1')
					.replace(command, (whole: string, before: string) => (left-- > 0 ? before + longAgo : whole));
				if (left <= 0) traps.delete(trap);
				return Buffer.from(late, 'latin1');
			},
		};
		traps.add(trap);
	};

	return {
		url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
		get target() {
			return state.target;
		},
		set target(next) {
			state.target = next;
		},
		get closed() {
			return state.closed;
		},
		set closed(next) {
			state.closed = next;
		},
		holdRequest: (...words) =>
			hold(words, (link) => {
				link.up = 'held';
				return 'swallow';
			}),
		holdReply: (...words) => hold(words, holdDown),
		holdReplyElsewhere: (than, ...words) => hold(words, holdDown, than),
		strand: (...words) => {
			const passed: Gate = gate();
			let deliver: () => void = () => {};
			traps.add({
				words,
				once: true,
				spring: (link, chunk) => {
					link.stranded = true;
					deliver = () => link.server.end(chunk);
					link.client.destroy();
					passed.open();
					return 'swallow';
				},
			});
			return {passed: passed.promise, deliver: () => deliver()};
		},
		answer: (reply, ...words) => {
			traps.add({
				words,
				once: false,
				spring: (link, chunk) =>
					replaceCommands(chunk, words, () => {
						const word = `answer-${++lastAnswer}`;
						link.answers.push({echoed: `$${word.length}\r\n${word}\r\n`, reply});
						return encodeRequest(['ECHO', word]);
					}),
			});
		},
		makeLate,
		cutOneByOne: async (pause) => {
			for (const link of [...links]) {
				cut(link);
				await pause();
			}
		},
		cutAll: () => {
			for (const link of links) cut(link);
		},
	};
};
