import type {Entry, ExpireResult, WriteResult} from '../../cache/api/types.js';
import type {LiveCall} from '../../cache/live/messages.js';
import {formatDuration} from '../../text/duration.js';
import {lifetimeWords} from '../../text/lifetime.js';
import {formatCountOf} from '../../text/number.js';
import {CommandError, lifetimeArgument} from '../commands/command.js';
import {valueLines} from '../commands/lines/value-lines.js';
import type {CommandArguments, CommandReplies} from '../specs/command-calls.js';
import type {CommandName} from '../specs/command-specs.js';

type Result<Name extends CommandName> = {readonly lines: readonly string[]; readonly data: CommandReplies[Name]};

/** Makes a call in the process. It answers a call with the reply of its cache to it. */
type Call = <Value>(call: LiveCall) => Promise<Value>;

type AttachedHandlers = {
	readonly [Name in CommandName]?: (call: Call, args: CommandArguments<Name>) => Promise<Result<Name>>;
};

const where = ({stored}: WriteResult) => (stored === 'redis' ? 'in Redis' : 'in memory; the journal has it for Redis');

function parseValue(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Commands that a live process carries out on its own cache. */
export const attachedCommands: AttachedHandlers = {
	async get(call, [key]) {
		const entry = await call<Entry<unknown> | undefined>({name: 'get', key});
		if (!entry) return {lines: ['(miss)'], data: undefined};
		const age = `${formatDuration(entry.ageMs)} old`;
		const state = entry.stale ? 'stale' : `fresh ${lifetimeWords(entry.ttlMs)}`;
		return {lines: [...valueLines(entry.value), `from ${entry.source}, ${age}, ${state}`], data: entry};
	},
	async mget(call, keys) {
		const values = await call<Readonly<Record<string, unknown>>>({name: 'mget', keys});
		const lines = keys.map((key) => {
			const words = Object.hasOwn(values, key) ? valueLines(values[key]).join(' ') : '(miss)';
			return `${key} = ${words}`;
		});
		return {lines, data: values};
	},
	async has(call, [key]) {
		const has = await call<boolean>({name: 'has', key});
		return {lines: [has ? 'yes' : 'no'], data: has};
	},
	async ttl(call, [key]) {
		const left = await call<number | undefined>({name: 'ttl', key});
		return {lines: [left === undefined ? '(no such entry)' : `${formatDuration(left)} left`], data: left};
	},
	async set(call, [key, text, ttl, ...tags]) {
		const life = ttl === undefined ? {} : {ttlMs: lifetimeArgument(ttl)};
		const data = await call<WriteResult>({name: 'set', key, value: parseValue(text), tags, ...life});
		return {lines: [`set ${where(data)}`], data};
	},
	async del(call, keys) {
		const data = await call<WriteResult>({name: 'del', keys});
		return {lines: [`deleted ${formatCountOf(keys.length, 'key')} ${where(data)}`], data};
	},
	async expire(call, [key, ttl]) {
		const data = await call<ExpireResult>({name: 'expire', key, ttlMs: lifetimeArgument(ttl)});
		return {lines: [data.applied ? `changed ${where(data)}` : '(no such entry)'], data};
	},
	async touch(call, [key]) {
		const data = await call<ExpireResult>({name: 'touch', key});
		return {lines: [data.applied ? `touched ${where(data)}` : '(no such entry)'], data};
	},
	async invalidate(call, tags) {
		const data = await call<WriteResult>({name: 'invalidate', tags});
		return {lines: [`invalidated ${formatCountOf(tags.length, 'tag')} ${where(data)}`], data};
	},
	async clear(call) {
		const data = await call<WriteResult>({name: 'clear'});
		return {lines: [`cleared the namespace ${where(data)}`], data};
	},
	async flush(call, [what]) {
		if (what !== 'memory') throw new CommandError('flush takes only the word memory');
		await call({name: 'flush'});
		return {lines: ['the memory tier is empty'], data: undefined};
	},
};
