import type {CommandReplies} from '../../../source/engine/specs/command-calls.js';
import type {CommandName} from '../../../source/engine/specs/command-specs.js';
import type {KeyRow} from '../../../source/inspect/keys/describe-keys.js';
import {didIt, type FakeEngine, type FakeReply, storyStart} from '../../support/fake-engine.js';

type Scripted = {
	readonly [Name in CommandName]?: {readonly lines?: readonly string[]; readonly data: CommandReplies[Name]};
};

const row = (key: string, type: string, bytes: number, ttlMs?: number): KeyRow => ({key, type, bytes, ttlMs});

const names = ['user:1', 'user:2', 'user:17', 'cart:7', 'cart:8', 'session:9f2c', 'überweisung:42', '日本:鍵'];

const rows: readonly KeyRow[] = [
	...names.map((name, index) => row(`rct:default:${name}`, 'string', 180 + index * 97, 61_000 + index * 37_000)),
	row('rct:default:#meta', 'hash', 96),
	...Array.from({length: 200}, (_, index) => row(`queue:job:${1000 + index}`, 'list', 64 + index, undefined)),
];

const drill = (name: string, summary: string, durationMs: number): CommandReplies['drills'][number] => ({
	name,
	summary,
	durationMs,
	workload: {},
	cache: {},
	steps: [],
	expectations: [],
});

/** A Redis with keys and drills, always the same. */
export const replies: Scripted = {
	redis: {
		lines: ['1) "first job"', '2) "second job, with a payload in JSON: {\\"id\\":7}"', '3) "third job"'],
		data: undefined,
	},
	show: {
		data: {
			columns: [
				{title: 'TIME', width: 8, priority: 1},
				{title: 'TOOK', width: 8, align: 'right', priority: 0},
				{title: 'COMMAND', width: 24, grows: true, priority: 0},
				{title: 'CLIENT', width: 22, priority: 2},
			],
			rows: [
				{cells: ['12:00:41', '182 ms', 'KEYS session:*', 'shop-api 10.0.0.7:53122'], level: 'bad', kill: 'shop-api'},
				{cells: ['11:58:02', '14.2 ms', 'HGETALL cart:7', 'shop-api 10.0.0.8:40112'], level: 'plain', kill: 'shop-api'},
			],
			notes: ['Commands that took longer than 10.0 ms (slowlog-log-slower-than); newest first'],
		},
	},
	keys: {data: {rows, cursor: '7', scanned: 209, total: 2000, tookMs: 5}},
	tree: {
		data: {
			prefix: '',
			groups: [
				{name: 'rct:', prefix: 'rct:', pattern: 'rct:*', keys: 4781, sizes: undefined},
				{name: 'queue:', prefix: 'queue:', pattern: 'queue:*', keys: 40, sizes: undefined},
			],
			rows: [row('config', 'hash', 412), row('leader', 'string', 18, 12_000)],
			unlisted: 0,
			keys: 4823,
			cursor: undefined,
		},
	},
	inspect: {
		lines: ['string, 231 bytes', 'entry of the cache', '{"name":"Ada","roles":["admin","editor"],"visits":1815}'],
		data: {
			...row('rct:default:user:1', 'string', 231, 52_000),
			encoding: 'raw',
			preview: {
				length: 231,
				unit: 'bytes',
				lines: [],
				truncated: false,
				parts: [],
				formats: ['cache entry'],
				syntax: 'json',
				envelope: undefined,
				cursor: undefined,
			},
			groups: [],
			entry: {
				kind: 'value',
				version: storyStart * 1000 + 62_000_000,
				asOf: storyStart + 61_000,
				freshUntil: storyStart + 122_000,
				ttlMs: 60_000,
				graceMs: 30_000,
				tags: ['people', 'team:7'],
				valueBytes: 54,
				isCompressed: false,
				json: '{"name":"Ada","roles":["admin","editor"],"visits":1815}',
			},
		},
	},
	drills: {
		data: [
			drill('black-hole', 'a firewall drops packets silently for eight seconds', 30_000),
			drill('failover', 'the primary is killed, and comes back without its data', 40_000),
			drill('slow-network', 'each packet takes 80 ms longer', 25_000),
		],
	},
};

/** Lets an engine answer with these replies. */
export function script(engine: FakeEngine, scripted: Scripted = replies): void {
	engine.answer = (call): FakeReply => {
		const reply = scripted[call.name];
		return reply ? {ok: true, lines: reply.lines ?? [], data: reply.data} : didIt(call);
	};
}
