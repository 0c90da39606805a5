import type {Entry, ExpireResult, WriteResult} from '../../cache/api/types.js';
import type {LiveCall} from '../../cache/live/messages.js';
import {formatCountOf} from '../../text/number.js';
import {CommandError, lifetimeArgument, valueArgument} from '../commands/command.js';
import {entryLines, expireLine, placeWords, ttlLine} from '../commands/lines/cache-lines.js';
import {valueLines} from '../commands/lines/value-lines.js';
import type {CommandArguments, CommandReplies} from '../specs/command-calls.js';
import type {CommandName} from '../specs/command-specs.js';

type Result<Name extends CommandName> = {readonly lines: readonly string[]; readonly data: CommandReplies[Name]};

/** Makes a call on the cache in the process, and resolves with its result. */
type Call = <Value>(call: LiveCall) => Promise<Value>;

type AttachedHandlers = {
	readonly [Name in CommandName]?: (call: Call, args: CommandArguments<Name>) => Promise<Result<Name>>;
};

/** Commands that a live process executes on its own cache. */
export const attachedCommands: AttachedHandlers = {
	async get(call, [key]) {
		const entry = await call<Entry<unknown> | undefined>({name: 'get', key});
		return {lines: entryLines(entry), data: entry};
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
		return {lines: [ttlLine(left)], data: left};
	},
	async set(call, [key, text, ttl, ...tags]) {
		const life = ttl === undefined ? {} : {ttlMs: lifetimeArgument(ttl)};
		const data = await call<WriteResult>({name: 'set', key, value: valueArgument(text), tags, ...life});
		return {lines: [`set ${placeWords(data)}`], data};
	},
	async del(call, keys) {
		const data = await call<WriteResult>({name: 'del', keys});
		return {lines: [`deleted ${formatCountOf(keys.length, 'key')} ${placeWords(data)}`], data};
	},
	async expire(call, [key, ttl]) {
		const data = await call<ExpireResult>({name: 'expire', key, ttlMs: lifetimeArgument(ttl)});
		return {lines: [expireLine('changed', data)], data};
	},
	async touch(call, [key]) {
		const data = await call<ExpireResult>({name: 'touch', key});
		return {lines: [expireLine('touched', data)], data};
	},
	async invalidate(call, tags) {
		const data = await call<WriteResult>({name: 'invalidate', tags});
		return {lines: [`invalidated ${formatCountOf(tags.length, 'tag')} ${placeWords(data)}`], data};
	},
	async clear(call) {
		const data = await call<WriteResult>({name: 'clear'});
		return {lines: [`cleared the namespace ${placeWords(data)}`], data};
	},
	async flush(call, [what]) {
		if (what !== 'memory') throw new CommandError('flush takes only the word memory');
		await call({name: 'flush'});
		return {lines: ['the memory tier is empty'], data: undefined};
	},
};
