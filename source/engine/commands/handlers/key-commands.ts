import {parseKey} from '../../../inspect/escape-bytes.js';
import {countKeys} from '../../../inspect/keys/count-keys.js';
import {keyTreePage} from '../../../inspect/keys/key-tree.js';
import {type KeyRank, rankedKeys} from '../../../inspect/keys/ranked-keys.js';
import {numberOf} from '../../../inspect/sender.js';
import {type EditKind, type EditOutcome, editKinds, editValue} from '../../../inspect/values/edit-value.js';
import {formatDuration} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {CommandError, type CommandHandlers, lifetimeArgument} from '../command.js';
import {missingLines, rowLine} from '../lines/key-lines.js';

const refusals: Readonly<Record<Exclude<EditOutcome, 'done'>, string>> = {
	gone: 'the key no longer exists',
	'wrong type': 'the key holds another type',
	'changed meanwhile': 'another client changed it; open it again',
	'no such element': 'the element no longer exists',
	'entry of the cache': 'it is a cache entry; write it with `set`, which updates its version',
};

/** True for kinds whose first word is the value; for the others it is the field, member or index. */
const isWhole = (kind: EditKind) => kind === 'set' || kind === 'lpush' || kind === 'rpush';
/** True for kinds that take a member, field or index and no value. */
const isPlaceOnly = (kind: EditKind) => ['hdel', 'lrem', 'sadd', 'srem', 'zrem'].includes(kind);

/** @param words In the printable form of `printKey`. */
function editOf(kind: EditKind, words: readonly string[]) {
	const [first, second, third] = words.map(parseKey);
	const [at, value, expected] = isWhole(kind)
		? [undefined, first, second]
		: isPlaceOnly(kind)
			? [first, undefined, second]
			: [first, second, third];
	if (!isWhole(kind) && !isPlaceOnly(kind) && second === undefined)
		throw new CommandError(
			`${kind} needs two words; write: edit <key> ${kind} <${kind === 'lset' ? 'index' : kind === 'zadd' ? 'member' : 'field'}> <${kind === 'zadd' ? 'score' : 'value'}>`,
		);
	return {
		kind,
		...(at === undefined ? {} : {at}),
		...(value === undefined ? {} : {value}),
		...(expected === undefined ? {} : {expected}),
	};
}

const more = (command: string, cursor: string | undefined) =>
	cursor === undefined ? [] : [`more: ${command} ${cursor}`];

/** Commands on the keys in Redis, written by any client. */
export const keyCommands = {
	async tree({session}, [prefix = '', cursor, delimiter = ':', sizes]) {
		const {inspector, pace} = session;
		const page = await keyTreePage(inspector, {prefix, cursor, pace, delimiter, withSizes: sizes === 'sizes'});
		const lines = [
			...page.groups.map(
				({prefix: below, keys, sizes: taken}) =>
					`${below}  ${formatCountOf(keys, 'key')}${taken === undefined ? '' : `  ${taken.bytes} B  ${taken.withoutTtl} without TTL`}`,
			),
			...page.rows.map(rowLine),
			...(page.unlisted > 0 ? [`and ${formatCountOf(page.unlisted, 'key')} in other groups`] : []),
			...more(`tree ${JSON.stringify(prefix)}`, page.cursor),
			...missingLines(page),
		];
		return {lines: lines.length > 0 ? lines : ['no keys'], data: page};
	},
	async top({session}, [by, pattern, cursor]) {
		if (by !== 'size' && by !== 'ttl') throw new CommandError('write: top size, or top ttl');
		const found = await rankedKeys(session.inspector, {by: by satisfies KeyRank, pattern, cursor, pace: session.pace});
		const lines = found.rows.slice(0, 50).map(rowLine);
		return {
			lines: [
				...lines,
				`of ${formatCountOf(found.scanned, 'scanned key')}`,
				...more(`top ${by} ${pattern || '*'}`, found.cursor),
				...missingLines(found),
			],
			data: found,
		};
	},
	async count({session}, [pattern]) {
		const found = await countKeys(session.inspector, pattern, {pace: session.pace});
		const keys = formatCountOf(found.keys, 'key');
		const lines = [found.complete ? keys : `at least ${keys}`, ...found.sample, ...missingLines(found)];
		return {lines, data: found};
	},
	async edit({session, log}, [key, word, ...words]) {
		const kind = editKinds.find((each) => each === word.toLowerCase());
		if (!kind) throw new CommandError(`write one of these after the key: ${editKinds.join(', ')}`);
		const outcome = await editValue(session.inspector, key, editOf(kind, words));
		if (outcome !== 'done') throw new CommandError(`${key}: ${refusals[outcome]}`);
		log.add({level: 'info', topic: 'command', text: `${kind} ${key}`});
		return {lines: ['changed']};
	},
	async lifetime({session, log}, [key, time]) {
		const forever = time === 'never';
		const ms = forever ? 0 : lifetimeArgument(time);
		const bytes = parseKey(key);
		if ((numberOf(await session.inspector.send('EXISTS', [bytes])) ?? 0) === 0)
			throw new CommandError(`${key}: the key no longer exists`);
		await (forever ? session.inspector.send('PERSIST', [bytes]) : session.inspector.send('PEXPIRE', [bytes, ms]));
		const said = forever ? 'does not expire' : `expires in ${formatDuration(ms)}`;
		log.add({level: 'info', topic: 'command', text: `${key} ${said}`});
		return {lines: [`it ${said}`]};
	},
} satisfies Partial<CommandHandlers>;
