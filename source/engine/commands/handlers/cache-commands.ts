import type {SetOptions} from '../../../cache/api/types.js';
import {formatDuration} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {CommandError, type CommandHandlers, lifetimeArgument, valueArgument} from '../command.js';
import {entryLines, expireLine, placeWords, ttlLine} from '../lines/cache-lines.js';
import {valueLines} from '../lines/value-lines.js';
import {plainKey, plainValueLines, refusePlainKey} from '../plain-key.js';

/**
 * Names that a command takes, and `soft` at their end. A key or a tag of that name can be given alone, or before others.
 */
function namesOf(words: readonly [string, ...string[]]): {readonly names: readonly string[]; readonly soft: boolean} {
	const soft = words.length > 1 && isSoft(words.at(-1));
	return {names: soft ? words.slice(0, -1) : words, soft};
}

const isSoft = (word: string | undefined): boolean => word?.toLowerCase() === 'soft';

/** Commands on values, executed through the cache as an application would. */
export const cacheCommands = {
	async get({session}, [key]) {
		const plain = await plainValueLines(session, key);
		if (plain) return {lines: plain};
		const entry = await (await session.openCache()).getEntry(key);
		return {lines: entryLines(entry), data: entry};
	},
	async set({session}, [key, value, ttl, ...tags]) {
		const options: SetOptions = {
			...(ttl === undefined ? {} : {ttl: lifetimeArgument(ttl)}),
			...(tags.length > 0 ? {tags} : {}),
		};
		const result = await (await session.openCache()).set(key, valueArgument(value), options);
		// On a Redis that this program did not start, the typed name is not the Redis key.
		const as = session.target.kind === 'external' ? ` as ${session.keyPrefix}${key}` : '';
		return {lines: [`set ${placeWords(result)}${as}`], data: result};
	},
	async del({session}, words) {
		const {names: keys, soft} = namesOf(words);
		for (const key of keys) await refusePlainKey(session, key, `remove ${key}`);
		const [only = ''] = keys;
		const cache = await session.openCache();
		const result = keys.length === 1 ? await cache.delete(only, {soft}) : await cache.deleteMany(keys, {soft});
		const count = formatCountOf(keys.length, 'key');
		return {lines: [`${soft ? `made ${count} stale` : `deleted ${count}`} ${placeWords(result)}`], data: result};
	},
	async ttl({session}, [key]) {
		const plain = await plainKey(session, key);
		if (plain)
			return {lines: [plain.ttlMs === undefined ? 'no TTL' : `${formatDuration(plain.ttlMs)} left`], data: plain.ttlMs};
		const left = await (await session.openCache()).ttl(key);
		return {lines: [ttlLine(left)], data: left};
	},
	async expire({session}, [key, ttl]) {
		await refusePlainKey(session, key, `lifetime ${key} ${ttl}`);
		const result = await (await session.openCache()).expire(key, lifetimeArgument(ttl));
		return {lines: [expireLine('changed', result)], data: result};
	},
	async touch({session}, [key]) {
		await refusePlainKey(session, key, `redis TOUCH ${key}`);
		const result = await (await session.openCache()).touch(key);
		return {lines: [expireLine('touched', result)], data: result};
	},
	async has({session}, [key]) {
		const has = (await plainKey(session, key)) !== undefined || (await (await session.openCache()).has(key));
		return {lines: [has ? 'yes' : 'no'], data: has};
	},
	async mget({session}, keys) {
		const values = await (await session.openCache()).getMany(keys);
		const lines = await Promise.all(
			keys.map(async (key) => {
				const plain = await plainValueLines(session, key);
				return `${key} = ${(plain ?? (values.has(key) ? valueLines(values.get(key)) : ['(miss)'])).join(' ')}`;
			}),
		);
		return {lines, data: Object.fromEntries(values)};
	},
	async invalidate({session}, words) {
		const {names: tags, soft} = namesOf(words);
		const result = await (await session.openCache()).invalidateTags(tags, {soft});
		const count = formatCountOf(tags.length, 'tag');
		const done = soft ? `made the entries of ${count} stale` : `invalidated ${count}`;
		return {lines: [`${done} ${placeWords(result)}`], data: result};
	},
	async clear({session, options}, [how]) {
		if (how !== undefined && !isSoft(how)) throw new CommandError('clear takes only the word soft');
		const soft = isSoft(how);
		const result = await (await session.openCache()).clear({soft});
		const done = soft ? 'made every entry of namespace' : 'cleared namespace';
		return {lines: [`${done} ${options.namespace} ${soft ? 'stale ' : ''}${placeWords(result)}`], data: result};
	},
	flush({session}, [what]) {
		if (what !== 'memory') throw new CommandError('flush takes only the word memory');
		session.testBed.flushMemory();
		return {lines: ['the memory tier is empty']};
	},
} satisfies Partial<CommandHandlers>;
