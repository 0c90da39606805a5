import {readFileSync} from 'node:fs';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {createPool} from '../../../source/pool/create-pool.js';
import type {Lane} from '../../../source/pool/types.js';
import {RequestParser} from '../../../source/resp/request-parser.js';

/** Servers that the tests have no binary of. `record.ts` has written what they replied. */
export const recordings = ['redis-8.0.6', 'redis-unstable-2026-06', 'valkey-9.1.2'] as const;

export type Recording = (typeof recordings)[number];

type Answer = {readonly line: string; readonly reply: string};

function sessionOf(recording: Recording, session: string, resp: 2 | 3): readonly Answer[] {
	const text = readFileSync(new URL(`${recording}.txt`, import.meta.url), 'utf8');
	const heading = `== RESP${resp}, ${session}\n`;
	const at = text.indexOf(heading);
	if (at < 0) throw new Error(`${recording}.txt has no ${heading.trim()}`);
	const [body = ''] = text.slice(at + heading.length).split('\n\n');
	const lines = body.trim().split('\n');
	return Array.from({length: lines.length / 2}, (_, index) => ({
		line: lines[2 * index] ?? '',
		reply: JSON.parse(lines[2 * index + 1] ?? '') as string,
	}));
}

/** The recorded answers of one session, from its beginning to its end. A command may leave out those before it. */
class Replay {
	readonly #answers: readonly Answer[];
	#at = 0;

	constructor(answers: readonly Answer[]) {
		this.#answers = answers;
	}

	answerTo(line: string): string {
		const ahead = this.#answers.findIndex((answer, index) => index >= this.#at && answer.line === line);
		if (ahead < 0) return `-ERR the recording has no further answer to ${line}\r\n`;
		this.#at = ahead + 1;
		return this.#answers[ahead]?.reply ?? '';
	}
}

/** The answer to a command with which a connection introduces itself, before the session. */
function greeting(words: readonly string[], resp: 2 | 3): string | undefined {
	const [name = '', sub = ''] = words.map((word) => word.toUpperCase());
	// As of a server, or of something in front of it, that knows RESP2 alone: ioredis goes on with that.
	if (name === 'HELLO') return resp === 3 ? '%1\r\n+proto\r\n:3\r\n' : "-ERR unknown command 'HELLO'\r\n";
	return name === 'CLIENT' && sub === 'SETNAME' ? '+OK\r\n' : undefined;
}

export type Replayed = {
	readonly lane: Lane;
	/** Commands of the lane, in the order in which they came. */
	readonly asked: readonly string[];
	close(): Promise<void>;
};

/** A lane to a server that answers with the bytes of a recording. */
export async function replay(recording: Recording, session: string, resp: 2 | 3 = 3): Promise<Replayed> {
	const recorded = new Replay(sessionOf(recording, session, resp));
	const asked: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		const parser = new RequestParser(1_000_000);
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => {
			parser.push(chunk);
			for (let request = parser.next(); request.kind === 'command'; request = parser.next()) {
				const said = greeting(request.args, resp);
				const line = request.args.join(' ');
				if (said === undefined) asked.push(line);
				socket.write(said ?? recorded.answerTo(line), 'latin1');
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	const pool = createPool({url: `redis://127.0.0.1:${port}`, lanes: 1, deadlineMs: 5000});
	await pool.ready(30_000);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('a pool has at least one lane');
	return {
		lane,
		asked,
		async close() {
			await pool.close();
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
