import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';
import {type Gate, gate} from './gate.js';

/** A command that was caught on its way. */
export type Caught = {
	/** Resolves once it has come by. */
	readonly passed: Promise<void>;
	/** Lets go what has been held on its connection. */
	release(): void;
	/** Closes its connection; what was held never arrives. */
	cut(): void;
};

/** A way to a server that can be held up at a chosen command. */
export type Tap = {
	readonly url: string;
	/** Where new connections lead. */
	target: {readonly host: string; readonly port: number};
	/** Whether new connections are turned away. */
	closed: boolean;
	/** Keeps the next command with these words, and all that follow it on its connection, from the server. */
	holdRequest(...words: readonly string[]): Caught;
	/** Lets the next command with these words pass, and keeps what the server says on its connection from then on. */
	holdReply(...words: readonly string[]): Caught;
	/** As `holdReply`, but not on a connection that has carried `than` lately. */
	holdReplyElsewhere(than: string, ...words: readonly string[]): Caught;
	/**
	 * Cuts the connection before the next command with these words leaves it, and delivers the command all the same when
	 * told to.
	 */
	strand(...words: readonly string[]): {readonly passed: Promise<void>; deliver(): void};
	/** Answers commands with these words in the server's place. */
	answer(reply: string, ...words: readonly string[]): void;
	/** Closes the connections that are open, one after the other, and waits in between. */
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
	/** The end of what the client has sent. */
	sent: string;
};
type Trap = {
	readonly words: readonly string[];
	/** Not on connections that have carried this. */
	readonly unless?: string | undefined;
	spring(link: Link, chunk: Buffer): 'pass' | 'swallow';
	readonly once: boolean;
};

const keptText = 100_000;

const holdDown = (link: Link): 'pass' => {
	link.down = 'held';
	return 'pass';
};

export const startTap = async (target: {readonly host: string; readonly port: number}): Promise<Tap> => {
	const links = new Set<Link>();
	const traps = new Set<Trap>();
	const state = {target, closed: false};

	const upwards = (link: Link, chunk: Buffer): void => {
		if (link.up === 'held') {
			link.heldUp.push(chunk);
			return;
		}
		const text = chunk.toString('latin1');
		for (const trap of traps) {
			if (!trap.words.every((word) => text.includes(word))) continue;
			if (trap.unless !== undefined && link.sent.includes(trap.unless)) continue;
			if (trap.once) traps.delete(trap);
			if (trap.spring(link, chunk) === 'swallow') return;
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
		};
		links.add(link);
		link.server.on('error', () => client.destroy());
		client.on('data', (chunk) => upwards(link, chunk));
		link.server.on('data', (chunk) => {
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
				spring: (link) => {
					link.client.write(reply);
					return 'swallow';
				},
			});
		},
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
