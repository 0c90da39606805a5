import {createPool} from '../../../pool/create-pool.js';
import type {PoolOptions} from '../../../pool/pool-options.js';
import type {RedisTarget} from '../../../pool/redis-url.js';
import type {Pool} from '../../../pool/types.js';
import type {FoundNode} from './node-list.js';

type SentinelTarget = RedisTarget & {readonly type: 'sentinel'};

/** Milliseconds that a sentinel gets to connect. */
const connectMs = 1000;

/** The master and its replicas, as the first Sentinel that answers names them. */
export class SentinelServers {
	readonly #target: SentinelTarget;
	readonly #options: PoolOptions;
	/** The Sentinel that was asked last, by its index in the URL. */
	#asked: {readonly index: number; readonly pool: Pool} | undefined;
	#isClosed = false;

	/** @param options Of the connection to a Sentinel: all but its URL. */
	constructor(target: SentinelTarget, options: PoolOptions) {
		this.#target = target;
		this.#options = options;
	}

	/** Rejects if no Sentinel answers. */
	async find(): Promise<readonly FoundNode[]> {
		const first = this.#asked?.index ?? 0;
		let failure: unknown = new Error('there is no Sentinel');
		for (let turn = 0; turn < this.#target.sentinels.length && !this.#isClosed; turn++) {
			try {
				return await this.#ask((first + turn) % this.#target.sentinels.length);
			} catch (error) {
				failure = error;
			}
		}
		throw failure;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#asked?.pool.close();
	}

	async #ask(index: number): Promise<readonly FoundNode[]> {
		const pool = await this.#poolOf(index);
		await pool.ready(connectMs);
		const [lane] = pool.lanes;
		if (lane === undefined) throw new Error('a pool has a lane');
		const name = this.#target.master;
		const [master, about, replicas] = await Promise.all([
			lane.send('SENTINEL', ['GET-MASTER-ADDR-BY-NAME', name]),
			// If the user lacks the right to this command, a lost master is not recognized.
			lane.send('SENTINEL', ['MASTER', name]).catch(() => []),
			// The older name of SENTINEL REPLICAS, which all versions know.
			lane.send('SENTINEL', ['SLAVES', name]),
		]);
		const address = wordsOf(master).join(':');
		return [
			{address, role: 'master', master: undefined, slots: undefined, isLost: isLost(fieldsOf(about))},
			...listOf(replicas).flatMap((fields): FoundNode[] => {
				const of = fieldsOf(fields);
				const replica = `${of.get('ip')}:${of.get('port')}`;
				// After a failover a Sentinel names the new master among the replicas for a while.
				if (replica === address) return [];
				return [{address: replica, role: 'replica', master: address, slots: undefined, isLost: isLost(of)}];
			}),
		];
	}

	async #poolOf(index: number): Promise<Pool> {
		if (this.#asked?.index === index) return this.#asked.pool;
		const former = this.#asked?.pool;
		const pool = createPool({...this.#options, url: sentinelUrl(this.#target, index)});
		this.#asked = {index, pool};
		await former?.close();
		return pool;
	}
}

function sentinelUrl({sentinels, sentinelLogin: {username, password}, tls}: SentinelTarget, index: number): string {
	const {host = '', port = 0} = sentinels[index] ?? {};
	const login =
		username === undefined && password === undefined
			? ''
			: `${encodeURIComponent(username ?? '')}:${encodeURIComponent(password ?? '')}@`;
	return `${tls ? 'rediss' : 'redis'}://${login}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The Sentinel that was asked has not got an answer from the server for `down-after-milliseconds`. */
const isLost = (fields: ReadonlyMap<string, string>): boolean =>
	(fields.get('flags') ?? '').split(',').includes('s_down');

const listOf = (reply: unknown): readonly unknown[] => (Array.isArray(reply) ? reply : []);

const wordsOf = (reply: unknown): readonly string[] => listOf(reply).map(String);

/** The fields of a server, which RESP2 sends as a flat list, and RESP3 as a map. */
function fieldsOf(reply: unknown): ReadonlyMap<string, string> {
	if (reply instanceof Map) return new Map([...reply].map(([name, value]) => [String(name), String(value)]));
	const words = Array.isArray(reply) ? wordsOf(reply) : wordsOf(Object.entries(reply ?? {}).flat());
	return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : [])));
}
